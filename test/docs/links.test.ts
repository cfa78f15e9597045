import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const PAGES = [
  ...['README.md', 'CHANGELOG.md', 'capture/README.md', 'examples/nextjs/README.md'],
  ...(await readdir(join(ROOT, 'docs'))).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`),
];

const textOf = (page: string) => readFile(join(ROOT, page), 'utf8');

/** As GitHub makes them of headings. */
function anchorsOf(markdown: string): string[] {
  const headings = [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

test.each(PAGES)('every link of %s leads to a file, and to one of its headings', async (page) => {
  const links = [...(await textOf(page)).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)];
  const broken: string[] = [];
  for (const [link, path = '', anchor] of links) {
    const target = path ? relative(ROOT, join(ROOT, dirname(page), path)) : page;
    const isThere = existsSync(join(ROOT, target));
    if (!isThere || (anchor && !anchorsOf(await textOf(target)).includes(anchor))) broken.push(link);
  }
  expect(broken).toEqual([]);
});

test.each(PAGES)('every test that %s names is there', async (page) => {
  const named = [...(await textOf(page)).matchAll(/`(test\/[\w./-]+\.ts)`/g)].map(([, path = '']) => path);
  expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});
