import { z } from 'zod';
import { apiSchema } from '../src/environment.js';
import { readVariables } from '../src/variables.js';
import { choosePorts, freePort, freePorts } from './ports.js';

/** The ports of the first stack on a machine, without those that the environment may set. */
const FIRST_STACK = {
  MongoDB: 27018,
  Temporal: 7233,
  'Temporal UI': 8233,
  'token issuer': 4011,
  'Impact sandbox': 4010,
  worker: 9464,
};

export type StackPorts = Record<keyof typeof FIRST_STACK | 'API' | 'API metrics', number>;

/** The variables that name a real system, with the ports that the stack then does not need. */
const REPLACED: Record<string, readonly (keyof StackPorts)[]> = {
  MONGODB_URI: ['MongoDB'],
  TEMPORAL_ADDRESS: ['Temporal', 'Temporal UI'],
  AUTH_ISSUER: ['token issuer'],
  IMPACT_BASE_URL: ['Impact sandbox'],
};

const portsSchema = z.object({ PORT: apiSchema.shape.PORT, METRICS_PORT: apiSchema.shape.METRICS_PORT });

/**
 * A stack beside another one gets a whole set of its own. The issuer and the sandbox listen at once, which shows the next
 * stack that this set is taken. PORT=0 means any free port, for the API and for everything else.
 * @throws ConfigError
 */
export async function chooseStackPorts(
  env: NodeJS.ProcessEnv,
  say: (line: string) => void,
): Promise<StackPorts> {
  const { PORT, METRICS_PORT } = readVariables(portsSchema, env);
  const preferred = { API: PORT, 'API metrics': METRICS_PORT || (await freePort()), ...FIRST_STACK };
  const names = Object.keys(preferred) as (keyof StackPorts)[];
  if (PORT === 0) return freePorts(names);
  const replaced = Object.keys(REPLACED).flatMap((variable) => (env[variable] && REPLACED[variable]) || []);
  const needed = names.filter((name) => !replaced.includes(name));
  return choosePorts(preferred, say, needed);
}
