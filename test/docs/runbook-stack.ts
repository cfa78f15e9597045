import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { DEVELOPMENT_USER_ID_KEY } from '../../dev/environment.js';
import { recordProcess } from '../../dev/process-file.js';
import { serve } from '../../dev/serve.js';
import { databaseMetrics } from '../../src/database-metrics.js';
import { defaultProgramme } from '../../src/domain/programme/default-programme.js';
import { createHealth } from '../../src/health.js';
import { showImpactConfigured } from '../../src/metrics.js';
import { createMetricsEndpoint } from '../../src/metrics-endpoint.js';
import { applyAuditSchedule } from '../../src/temporal/audit-schedule.js';
import { type OperatedStack, startOperatedStack } from '../support/operated-stack.js';
import { logger } from '../support/runtime.js';
import { untilNoBatchRuns } from '../support/slow-batch.js';
import { startCommands } from './commands.js';

export type RunbookStack = Awaited<ReturnType<typeof startRunbookStack>>;

/** A scenario terminates a workflow, and none loses one. */
const WATCH = { endedIntervalMs: 300, scanIntervalMs: 600_000, minimumAgeMs: 0 };
/** Production lets the API start what is younger than five seconds. */
const RELAY = { intervalMs: 200, minimumAgeMs: 500 };

/** Starts the service, with the worker's port and the schedule of the audit, which its process has besides. */
export async function startRunbookStack() {
  const stack = await startOperatedStack({ watch: WATCH, relay: RELAY });
  const directory = await mkdtemp(join(tmpdir(), 'affiliate-test-'));
  const { db, metrics, temporal } = stack;
  await applyAuditSchedule(temporal, true);
  showImpactConfigured(metrics, true);
  const read = { programme: defaultProgramme, signupGraceMs: 60_000 };
  const sources = databaseMetrics(db, read, { audited: true });
  const app = express()
    .use(createHealth({ ready: () => db.ping() }))
    .use(createMetricsEndpoint({ metrics, logger, sources }));
  const worker = await serve(createServer(app));
  const commands = await startCommands(directory);
  const scopes = 'conversions:read conversions:operate conversions:publish';
  /** As `npm start` has them. */
  const commandVariables = {
    COMMANDS: commands.url,
    MONGODB_URI: stack.mongoUri,
    TEMPORAL_ADDRESS: stack.temporalAddress,
    TEMPORAL_NAMESPACE: temporal.options.namespace,
    USER_ID_KEY: DEVELOPMENT_USER_ID_KEY,
  };
  await leaveFiles(stack, directory, worker.url);
  return {
    ...stack,
    /** In place of `.data`, and where commands write files. */
    directory,
    commandVariables,
    /** The variables that the first section of the runbook sets. */
    shellVariables: {
      ...commandVariables,
      API: stack.apiUrl,
      WORKER: worker.url,
      BACKEND: await stack.api.tokens.machine(scopes),
    },
    untilNoBatchRuns: () => untilNoBatchRuns(temporal),
    async stop() {
      await Promise.all([commands.stop(), worker.stop()]);
      await stack.stop();
      await rm(directory, { recursive: true });
    },
  };
}

/** As `npm start` leaves them in its directory. */
async function leaveFiles(stack: OperatedStack, directory: string, workerUrl: string): Promise<void> {
  const { mongoUri, temporalAddress, apiUrl, issuer } = stack;
  const workerMetricsUrl = `${workerUrl}/metrics`;
  const info = { mongoUri, temporalAddress, apiUrl, workerMetricsUrl, issuerUrl: issuer.issuerUrl };
  await writeFile(join(directory, 'stack.json'), JSON.stringify({ pid: process.pid, ...info }));
  recordProcess(join(directory, 'processes.jsonl'), 'stack', process.pid);
  await writeFile(join(directory, 'issuer-key.json'), JSON.stringify(issuer.key));
}
