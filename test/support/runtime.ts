import { Runtime } from '@temporalio/worker';
import { createLogger } from '../../src/logger.js';
import { runtimeOptions } from '../../src/temporal/runtime.js';

/** `LOG_LEVEL=debug npx vitest run …` shows what the service says. */
export const logger = createLogger(process.env.LOG_LEVEL ?? 'silent');

let installed = false;

/** Temporal's runtime exists once in a process, and before anything else of it. */
export function installRuntime(): void {
  if (!installed) Runtime.install(runtimeOptions(logger));
  installed = true;
}
