import { existsSync } from 'node:fs';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transform } from 'esbuild';
import { buildNextSite } from '../../../dev/next-site.js';
import { readRecipe } from '../../capture/support/recipes.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** A file of the site, and the block of capture/README.md that it holds: its section, and its name there. */
export type Recipes = Record<string, readonly [heading: string, file: string]>;

/** Builds a site for production, with files that capture/README.md shows. */
export async function buildSite(name: string, recipes: Recipes, env: NodeJS.ProcessEnv = {}) {
  const directory = join(ROOT, 'test/sites', name);
  await installPackages(directory);
  for (const [path, [heading, file]] of Object.entries(recipes)) {
    const config = path === 'middleware.js' && heading !== MINIMUM[0] ? await readConfig() : '';
    await writeBlock(join(directory, path), (await readRecipe(heading, file)) + config);
  }
  await buildNextSite(directory, env);
  return directory;
}

/** The section and the file with the `config` that all recipes share. */
export const MINIMUM = ['affiliate-capture', 'proxy.ts'] as const satisfies Recipes[string];

async function readConfig(): Promise<string> {
  const code = await readRecipe(...MINIMUM);
  return code.slice(code.indexOf('export const config'));
}

/** As JavaScript, because older versions of Next.js cannot check types with TypeScript 7. */
async function writeBlock(path: string, block: string): Promise<void> {
  const { code } = await transform(block, { loader: 'tsx', jsx: 'preserve' });
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, code);
}

/**
 * Copies, as npm installs them for a site outside of a workspace. Those at the root would find the React of the root: the link
 * to affiliate-capture, and styled-jsx, which two versions of Next.js share.
 */
async function installPackages(directory: string): Promise<void> {
  const copy = (from: string, to: string) =>
    cp(join(ROOT, from), join(directory, 'node_modules', to), { recursive: true });
  await rm(join(directory, 'node_modules/affiliate-capture'), { recursive: true, force: true });
  await copy('capture/package.json', 'affiliate-capture/package.json');
  await copy('capture/dist', 'affiliate-capture/dist');
  if (!existsSync(join(directory, 'node_modules/styled-jsx')))
    await copy('node_modules/styled-jsx', 'styled-jsx');
}
