import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { linked } from './linked-modules.js';
import { type Block, PROJECT_ROOT } from './pages.js';

const PRELUDES = join(import.meta.dirname, 'preludes');

/** As a site with Next.js, and this project's packages from their sources. */
const TSCONFIG = {
  extends: '../../examples/nextjs/tsconfig.json',
  compilerOptions: {
    noUnusedLocals: false,
    noUnusedParameters: false,
    // The links between blocks do not say which names are types.
    verbatimModuleSyntax: false,
    types: ['node'],
    paths: {
      'blocks/*': ['./*'],
      'affiliate-capture': ['../../capture/src/index.ts'],
      'affiliate-capture/*': ['../../capture/src/*.ts'],
      'affiliate-client': ['../../client/src/index.ts'],
    },
  },
  include: ['**/*.ts', '**/*.tsx'],
  exclude: [],
};

/**
 * Checks all blocks in one program, because a compiler takes seconds to begin. Each block is a module. What it neither
 * declares nor imports comes from an earlier block of its page, or from the page's file in preludes/.
 * @returns by page: what the compiler says, with the lines of the page
 */
export async function typeCheck(blocks: readonly Block[]): Promise<Map<string, string[]>> {
  // In node_modules, where no other tool looks, and from where the packages of the project are found.
  const folder = await mkdtemp(join(PROJECT_ROOT, 'node_modules/.blocks-'));
  try {
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG));
    const preludes = await copyPreludes(folder);
    const modules = linked(blocks, preludes);
    for (const { path, text } of modules) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    const errors = new Map<string, string[]>();
    for (const { path, line, words } of await compile(folder)) {
      const block = modules.find((module) => module.path === path)?.block;
      const page = block?.page ?? path;
      const place = block ? `${page}:${block.line + line}` : `${path}:${line}`;
      errors.set(page, [...(errors.get(page) ?? []), `${place} ${words}`]);
    }
    return errors;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** @returns the names of the preludes: `docs-operations` is for docs/operations.md */
async function copyPreludes(folder: string): Promise<string[]> {
  const files = await readdir(PRELUDES);
  for (const file of files) await copyFile(join(PRELUDES, file), join(folder, file));
  return files;
}

async function compile(folder: string) {
  const tsc = join(PROJECT_ROOT, 'node_modules/.bin/tsc');
  const output = await new Promise<string>((resolve) => {
    execFile(tsc, ['--noEmit', '--pretty', 'false', '-p', '.'], { cwd: folder }, (_error, stdout, stderr) =>
      resolve(stdout + stderr),
    );
  });
  return output.split('\n').flatMap((text) => {
    const [, path = '', line, words = ''] = /^(.+?)\((\d+),\d+\): (.*)$/.exec(text) ?? [];
    // The sources of the packages are checked by their own configurations; client/ needs its generated types.
    return path && !path.startsWith('..') ? [{ path, line: Number(line), words }] : [];
  });
}
