import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { freePort } from '../../dev/ports.js';
import { startService } from '../../dev/service.js';
import type { Systems } from '../support/processes.js';

/** Processes of the same shape as the API and the worker, without anything of the product. */

export async function startBareApi({ mongoUri }: Systems) {
  return startBare('bare-api.js', { MONGODB_URI: mongoUri });
}

/** @param bundle see `writeBareBundle` */
export async function startBareWorker({ temporalAddress }: Systems, bundle: string) {
  return startBare('bare-worker.js', { TEMPORAL_ADDRESS: temporalAddress, BUNDLE: bundle });
}

async function startBare(file: string, variables: NodeJS.ProcessEnv) {
  const env = { ...process.env, ...variables, PORT: String(await freePort()) };
  const { child, stop } = await startService({ name: file, entry: here(file), env });
  return { pid: child.pid, stop };
}

export async function writeBareBundle() {
  const folder = await mkdtemp(join(tmpdir(), 'affiliate-bench-'));
  const path = join(folder, 'bundle.cjs');
  const { code } = await bundleWorkflowCode({
    workflowsPath: here('bare-workflows.js'),
    logger: new DefaultLogger('ERROR'),
  });
  await writeFile(path, code);
  return { path, remove: () => rm(folder, { recursive: true }) };
}

function here(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}
