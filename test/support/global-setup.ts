import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import type { TestProject } from 'vitest/node';
import { startMongod } from '../../dev/mongod.js';
import { startTemporal } from '../../dev/temporal.js';
import { WORKFLOW_CODE } from '../../src/temporal/bundle.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Without a database name: each file takes its own. */
    mongoPort: number;
    /** Each file takes its own namespace. */
    temporalAddress: string;
    workflowBundlePath: string;
  }
}

/** One mongod, one Temporal server and one workflow bundle for the whole run. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const dir = await mkdtemp(join(tmpdir(), 'affiliate-test-'));
  const workflowBundlePath = join(dir, 'workflow-bundle.cjs');
  const say = (line: string) => console.error(line);
  const [mongod, temporal] = await Promise.all([
    startMongod({ dbPath: join(dir, 'mongod'), say }),
    startTemporal({ say }),
    bundleWorkflows(workflowBundlePath),
  ]);
  provide('mongoPort', mongod.port);
  provide('temporalAddress', temporal.address);
  provide('workflowBundlePath', workflowBundlePath);
  return async () => {
    await Promise.all([mongod.stop(), temporal.stop()]);
    await rm(dir, { recursive: true, force: true });
  };
}

async function bundleWorkflows(path: string): Promise<void> {
  const { code } = await bundleWorkflowCode({ ...WORKFLOW_CODE, logger: new DefaultLogger('WARN') });
  await writeFile(path, code);
}
