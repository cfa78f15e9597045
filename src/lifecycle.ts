import { ConfigError } from './config.js';
import { createLogger, type Logger } from './logger.js';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Resolves with the first signal to stop. A second signal ends the process at once. */
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
 * Runs a process entry. Errors of the configuration and of the programme are printed as plain lines for the person who set it; any other
 * unhandled error is logged once. In both cases the process exits with 1.
 */
export async function runProcess<Config extends { logLevel: string; secrets: readonly string[] }>(
  loadConfig: () => Config,
  main: (config: Config, logger: Logger) => Promise<void>,
): Promise<void> {
  let logger: Logger | undefined;
  try {
    const config = loadConfig();
    logger = createLogger(config.logLevel, config);
    await main(config, logger);
  } catch (error) {
    const { message = String(error), code } = error as { message?: string; code?: string };
    if (error instanceof ConfigError) console.error(message);
    else if (logger) logger.fatal({ err: error, code }, message);
    else throw error;
    // An open connection, such as the database's, would keep the failed process alive.
    process.exit(1);
  }
}
