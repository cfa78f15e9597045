import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { readProjectFile as textOf } from '../deployment/project-files.js';
import { anchorOf, PAGES, PROJECT_ROOT as ROOT, readPage } from './pages.js';

const anchorsOf = async (page: string) => (await readPage(page)).headings.map(anchorOf);

test.each(PAGES)('every link of %s leads to a file, and to one of its headings', async (page) => {
  const links = [...(await textOf(page)).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)];
  const broken: string[] = [];
  for (const [link, path = '', anchor] of links) {
    const target = path ? relative(ROOT, join(ROOT, dirname(page), path)) : page;
    const isThere = existsSync(join(ROOT, target));
    if (!isThere || (anchor && !(await anchorsOf(target)).includes(anchor))) broken.push(link);
  }
  expect(broken).toEqual([]);
});

test.each(PAGES)('every test that %s names is there', async (page) => {
  const named = [...(await textOf(page)).matchAll(/`(test\/[\w./-]+\.ts)`/g)].map(([, path = '']) => path);
  expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});
