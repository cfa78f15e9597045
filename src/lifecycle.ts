import { ConfigError } from './config.js';
import { createLogger, type Logger } from './logger.js';

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

/**
 * Runs a process entry. What is wrong with the environment is told to the person who set it, in plain lines; any
 * other error that nobody handled is logged once. Either way the process ends with 1.
 */
export async function runProcess<Config extends { logLevel: string; secrets: readonly string[] }>(
  loadConfig: () => Config,
  main: (config: Config, logger: Logger) => Promise<void>,
): Promise<void> {
  const config = loadOrExplain(loadConfig);
  if (!config) return;
  const logger = createLogger(config.logLevel, config);
  try {
    await main(config, logger);
  } catch (error) {
    const { message = String(error), code } = error as { message?: string; code?: string };
    logger.fatal({ err: error, code }, message);
    // What is open already, such as the database, would keep a process alive that does nothing.
    process.exit(1);
  }
}

function loadOrExplain<Config>(loadConfig: () => Config): Config | undefined {
  try {
    return loadConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
    return undefined;
  }
}
