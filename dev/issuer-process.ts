import { z } from 'zod';
import { readVariables } from '../src/variables.js';
import { stopSignal } from './stop-signal.js';
import { startTokenIssuer } from './token-issuer.js';

/** The token issuer as a process of its own, for trials in containers. Everybody who reaches it gets any token. */

const schema = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  ISSUER_URL: z.string().optional(),
  ISSUER_KEY_FILE: z.string().meta({ example: '/tmp/issuer-key.json' }),
});

const env = readVariables(schema, process.env);
const { issuerUrl, stop } = await startTokenIssuer({
  keyFile: env.ISSUER_KEY_FILE,
  host: env.HOST,
  port: env.PORT,
  ...(env.ISSUER_URL && { publicUrl: env.ISSUER_URL }),
});
const token = 'docker compose --profile sandbox exec -T token-issuer node --import tsx dev/token.ts';
console.log(`Token issuer ${issuerUrl}, for trials only: everybody who reaches it gets any token.

  a user's session token   ${token} user alice
  a backend's token        ${token} machine
`);
await stopSignal();
await stop();
