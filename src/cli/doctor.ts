import type { CliConfig, Environment } from '../config.js';
import { printable } from '../domain/foreign-text.js';
import { openDatabase } from '../mongo.js';
import { issuerChecks } from '../operations/check-issuers.js';
import { mongodbChecks } from '../operations/check-mongodb.js';
import { readinessCheck } from '../operations/check-readiness.js';
import { temporalChecks } from '../operations/check-temporal.js';
import { errorMessage } from '../operations/error-message.js';
import { type CheckGroup, type CheckResult, runChecks } from '../operations/run-checks.js';
import { createTemporalClient } from '../temporal/client.js';
import { printResult } from './output.js';
import type { SharedOptions } from './program.js';
import { noStyle, type Shell, type Style } from './shell.js';
import { addressOf, findSystem, type System } from './system.js';

/** @returns the exit code: 1 if a check failed */
export async function doctor({ json, dataDir }: SharedOptions, shell: Shell): Promise<number> {
  const results = await checkAll(dataDir, shell.environment);
  printResult(shell, json, { checks: results }, () => resultsText(results, shell.style));
  return results.some(({ state }) => state === 'failed') ? 1 : 0;
}

async function checkAll(dataDir: string | undefined, environment: Environment): Promise<CheckResult[]> {
  const name = 'configuration';
  try {
    const system = await findSystem(dataDir, environment);
    const config = await system.temporal();
    const detail = `${system.source}; Temporal at ${addressOf(config)}`;
    const issuers = await checksOfIssuers(system, environment);
    return [{ name, state: 'ok', detail }, ...(await checkConnections(system, config, issuers))];
  } catch (error) {
    const next = 'Set the variables as .env.example describes, or start a stack with npm start.';
    return [{ name, state: 'failed', detail: errorMessage(error), next }];
  }
}

/** Of the API whose variables are here. A stack of `npm start` has its own issuer. */
async function checksOfIssuers({ apiUrl }: System, environment: Environment): Promise<readonly CheckGroup[]> {
  if (apiUrl !== undefined || !environment.AUTH_ISSUER) return [];
  const { loadAuthConfig } = await import('../config.js');
  try {
    return issuerChecks(loadAuthConfig(environment));
  } catch (error) {
    const next = "Set the API's variables as docs/authentication.md describes.";
    return [[{ name: 'token issuers', next, run: () => Promise.reject(error) }]];
  }
}

async function checkConnections(
  { mongoUri, apiUrl, workerUrl }: System,
  config: CliConfig['temporal'],
  issuers: readonly CheckGroup[],
) {
  const temporal = createTemporalClient(config);
  let close: () => Promise<void> = async () => undefined;
  const open = async () => {
    const db = await openDatabase(mongoUri, { createIndexes: false });
    close = db.close;
    return db;
  };
  try {
    return await runChecks([
      mongodbChecks(open),
      temporalChecks(temporal),
      ...issuers,
      ...(apiUrl === undefined ? [] : [readinessCheck('API', apiUrl)]),
      ...(workerUrl === undefined ? [] : [readinessCheck('worker', workerUrl)]),
    ]);
  } finally {
    await Promise.all([close(), temporal.connection.close()]);
  }
}

const FORMATS = { ok: 'green', failed: 'red', skipped: 'gray' } as const;

export function resultsText(results: readonly CheckResult[], style: Style = noStyle): string {
  const lines = results.flatMap(({ name, state, detail, next }) => [
    `${style(FORMATS[state], state.padEnd(7))}  ${printable(`${name}: ${detail}`)}`,
    ...(next === undefined ? [] : [`         ${printable(next)}`]),
  ]);
  const failed = results.filter(({ state }) => state === 'failed').length;
  return [...lines, '', failed === 0 ? 'Everything is in order.' : `${failed} failed.`].join('\n');
}
