import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type CliConfig, type Environment, loadCliConfig } from '../config.js';
import { UsageError } from './usage-error.js';

const DEFAULT_DATA_DIR = '.data';

const stackSchema = z.object({ mongoUri: z.string(), temporalAddress: z.string() });

/**
 * Finds the system that a command is for: the one that the environment names, or the stack that `npm start` describes
 * in its directory, if `--data-dir` names it or the environment names no database.
 * @throws UsageError, ConfigError
 */
export async function findSystem(dataDir: string | undefined, environment: Environment): Promise<CliConfig> {
  if (dataDir === undefined && environment.MONGODB_URI) return loadCliConfig(environment);
  const stack = await readStack(dataDir ?? DEFAULT_DATA_DIR);
  return loadCliConfig({ MONGODB_URI: stack.mongoUri, TEMPORAL_ADDRESS: stack.temporalAddress });
}

async function readStack(dataDir: string) {
  const text = await readFile(join(dataDir, 'stack.json'), 'utf8').catch(() => undefined);
  if (text === undefined)
    throw new UsageError(
      `No stack runs on ${dataDir}. Start one with npm start, name its --data-dir, or set MONGODB_URI and TEMPORAL_ADDRESS.`,
    );
  try {
    return stackSchema.parse(JSON.parse(text));
  } catch {
    throw new UsageError(
      `${join(dataDir, 'stack.json')} is not readable: stop the stack and start it again.`,
    );
  }
}
