import { once } from 'node:events';
import { z } from 'zod';
import { ConfigError, readVariables } from '../../src/variables.js';
import { readProgrammeFile, startImpactSandbox } from './index.js';

/** The Impact sandbox as a process of its own. The credentials are those that it accepts from the worker. */

const sandboxSchema = z.object({
  IMPACT_ACCOUNT_SID: z.string().meta({ example: 'IRsandbox' }),
  IMPACT_AUTH_TOKEN: z.string().meta({ example: 'sandbox-token' }),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  /** Without a journal, the sandbox forgets everything when it ends. */
  IMPACT_SANDBOX_JOURNAL: z.string().optional(),
  /** As for the service: the campaign and the event types that the sandbox knows in place of its default ones. */
  PROGRAMME_FILE: z.string().transform(programmesOf).optional(),
});

try {
  const env = readVariables(sandboxSchema, process.env);
  const sandbox = await startImpactSandbox({
    accountSid: env.IMPACT_ACCOUNT_SID,
    authToken: env.IMPACT_AUTH_TOKEN,
    host: env.HOST,
    port: env.PORT,
    ...(env.IMPACT_SANDBOX_JOURNAL && { journal: env.IMPACT_SANDBOX_JOURNAL }),
    programmes: env.PROGRAMME_FILE,
  });
  console.log(`Impact sandbox listening on ${sandbox.url}`);

  await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
  await sandbox.stop();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

function programmesOf(path: string, { addIssue }: z.RefinementCtx) {
  try {
    return readProgrammeFile(path);
  } catch (error) {
    addIssue({
      code: 'custom',
      message: error instanceof z.ZodError ? z.prettifyError(error) : String(error),
    });
    return z.NEVER;
  }
}
