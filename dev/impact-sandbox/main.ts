import { once } from 'node:events';
import { startImpactSandbox } from './index.js';

const { IMPACT_ACCOUNT_SID: accountSid, IMPACT_AUTH_TOKEN: authToken, HOST, PORT } = process.env;
if (!accountSid || !authToken) throw new Error('Set IMPACT_ACCOUNT_SID and IMPACT_AUTH_TOKEN.');

const journal = process.env.IMPACT_SANDBOX_JOURNAL;
const where = { port: Number(PORT ?? 0), host: HOST ?? '127.0.0.1' };
const sandbox = await startImpactSandbox({ accountSid, authToken, ...where, ...(journal && { journal }) });
console.log(`Impact sandbox listening on ${sandbox.url}`);

await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
await sandbox.stop();
