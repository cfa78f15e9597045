import type { Logger } from './logger.js';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Resolves with the first signal that asks the process to stop. A second one ends it at once. */
export function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of SIGNALS) {
      process.once(signal, () => {
        for (const again of SIGNALS) process.once(again, () => process.exit(1));
        resolve(signal);
      });
    }
  });
}

/** Runs a process entry: an error that nobody handled is logged once, and the process ends with 1. */
export async function runProcess(logger: Logger, main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    const { message = String(error), code } = error as { message?: string; code?: string };
    logger.fatal({ err: error, code }, message);
    process.exitCode = 1;
  }
}
