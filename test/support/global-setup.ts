import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { loadIssuerKey } from '../../dev/issuer-key.js';
import { startMongod } from '../../dev/mongod.js';
import { startTemporal } from '../../dev/temporal.js';
import { buildService } from './build-service.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Without a database name: each file takes its own. */
    mongoPort: number;
    /** Each file takes its own namespace. */
    temporalAddress: string;
    /** With the entries of the service, as JavaScript. */
    buildDirectory: string;
    workflowBundlePath: string;
    /** Of the issuers of all stacks: a new key costs as much CPU time as a stack without a worker. */
    issuerKeyFile: string;
  }
}

/** One mongod, one Temporal server and one build for the whole run. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  // Temporal's server is written in Go, and takes a twelfth less CPU time if Go collects garbage less often.
  process.env.GOGC ??= '400';
  const dir = await mkdtemp(join(tmpdir(), 'affiliate-test-'));
  const buildDirectory = join(dir, 'build');
  const issuerKeyFile = join(dir, 'issuer-key.json');
  const say = (line: string) => console.error(line);
  const [mongod, temporal] = await Promise.all([
    startMongod({ dbPath: join(dir, 'mongod'), say }),
    startTemporal({ say }),
    buildService(buildDirectory),
    loadIssuerKey(issuerKeyFile),
  ]);
  provide('mongoPort', mongod.port);
  provide('temporalAddress', temporal.address);
  provide('buildDirectory', buildDirectory);
  provide('workflowBundlePath', join(buildDirectory, 'workflow-bundle.cjs'));
  provide('issuerKeyFile', issuerKeyFile);
  return async () => {
    await Promise.all([mongod.stop(), temporal.stop()]);
    await rm(dir, { recursive: true, force: true });
  };
}
