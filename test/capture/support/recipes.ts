import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { NextMiddleware } from 'next/server.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** Returns a block of code below a heading of capture/README.md: the one that begins with the name of the file. */
export async function readRecipe(heading: string, file = 'proxy.ts'): Promise<string> {
  const text = await readFile(join(ROOT, 'capture/README.md'), 'utf8');
  const section = text.split(/^#+ /m).find((own) => own.startsWith(`${heading}\n`)) ?? '';
  const blocks = [...section.matchAll(/^```tsx?\n(.*?)^```$/gms)].map(([, code = '']) => code);
  const recipe = blocks.find((code) => code.startsWith(`// ${file}`));
  if (!recipe) throw new Error(`The section "${heading}" has no ${file}`);
  return recipe;
}

/** Bundles proxies with the packages that they import, as Next.js does, and returns their default exports. */
export async function loadProxies<Name extends string>(
  sources: Record<Name, string>,
): Promise<Record<Name, NextMiddleware>> {
  const directory = await mkdtemp(join(tmpdir(), 'affiliate-recipes-'));
  const outfile = join(directory, 'proxies.cjs');
  const names = Object.keys(sources) as Name[];
  const contents = names.map((name) => `export { default as ${name} } from 'proxy:${name}';`).join('\n');
  await build({
    stdin: { contents, resolveDir: ROOT },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile,
    absWorkingDir: ROOT,
    alias: { 'affiliate-capture/next': './capture/src/next.ts' },
    plugins: [
      {
        name: 'proxies',
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^proxy:/ }, ({ path }) => ({ path: path.slice(6), namespace: 'proxy' }));
          onLoad({ filter: /.*/, namespace: 'proxy' }, ({ path }) => ({
            contents: sources[path as Name],
            loader: 'ts',
            resolveDir: ROOT,
          }));
        },
      },
    ],
  });
  try {
    return createRequire(import.meta.url)(outfile);
  } finally {
    await rm(directory, { recursive: true });
  }
}
