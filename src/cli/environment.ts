import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type CliConfig, type Environment, loadCliConfig } from '../config.js';
import { UsageError } from './usage-error.js';

const DEFAULT_DATA_DIR = '.data';

const stackSchema = z.object({ mongoUri: z.string(), temporalAddress: z.string() });

/**
 * A real system is what the environment names; a stack on this machine is what `npm start` wrote into its
 * directory, which counts where it is said, or where the environment names no database.
 * @throws UsageError, ConfigError
 */
export async function findSystem(
  dataDir: string | undefined,
  environment: Environment = process.env,
): Promise<CliConfig> {
  if (dataDir === undefined && environment.MONGODB_URI) return loadCliConfig(environment);
  const stack = await readStack(dataDir ?? DEFAULT_DATA_DIR);
  return loadCliConfig({ MONGODB_URI: stack.mongoUri, TEMPORAL_ADDRESS: stack.temporalAddress });
}

async function readStack(dataDir: string) {
  const text = await readFile(join(dataDir, 'stack.json'), 'utf8').catch(() => undefined);
  if (text === undefined)
    throw new UsageError(
      `No stack runs on ${dataDir}. Start one with npm start, say its --data-dir, or set MONGODB_URI and TEMPORAL_ADDRESS.`,
    );
  try {
    return stackSchema.parse(JSON.parse(text));
  } catch {
    throw new UsageError(
      `${join(dataDir, 'stack.json')} cannot be read: stop the stack, and start it again.`,
    );
  }
}
