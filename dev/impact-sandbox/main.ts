import { once } from 'node:events';
import { z } from 'zod';
import { startImpactSandbox } from './index.js';

const env = z
  .object({
    PORT: z.coerce.number().int().min(0).max(65_535).default(0),
    HOST: z.string().default('127.0.0.1'),
    IMPACT_ACCOUNT_SID: z.string().min(1),
    IMPACT_AUTH_TOKEN: z.string().min(1),
  })
  .parse(process.env);

const sandbox = await startImpactSandbox({
  accountSid: env.IMPACT_ACCOUNT_SID,
  authToken: env.IMPACT_AUTH_TOKEN,
  port: env.PORT,
  host: env.HOST,
});
console.log(`Impact sandbox listening on ${sandbox.url}`);

await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
await sandbox.stop();
