import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { build } from 'esbuild';
import { WORKFLOW_CODE } from '../../src/temporal/bundle.js';

const PROJECT_ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Builds the service into this directory, like `npm run build` into dist/ but without a check of its types. A built
 * process starts with half of the work, as it needs neither tsx nor webpack.
 */
export async function buildService(directory: string): Promise<void> {
  await mkdir(directory);
  await Promise.all([
    build({
      absWorkingDir: PROJECT_ROOT,
      entryPoints: ['src/**/*.ts', 'workflows/**/*.ts', 'activities/**/*.ts'],
      outbase: '.',
      outdir: directory,
      format: 'esm',
    }),
    bundleWorkflows(join(directory, 'workflow-bundle.cjs')),
    writeFile(join(directory, 'package.json'), '{"type":"module"}'),
    symlink(join(PROJECT_ROOT, 'node_modules'), join(directory, 'node_modules')),
  ]);
}

async function bundleWorkflows(path: string): Promise<void> {
  const { code } = await bundleWorkflowCode({ ...WORKFLOW_CODE, logger: new DefaultLogger('WARN') });
  await writeFile(path, code);
}
