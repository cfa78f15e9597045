import { parseArgs } from 'node:util';
import { pathsIn, readStackInfo } from './data-dir.js';
import { loadIssuerKey } from './issuer-key.js';
import { LOCAL_MACHINE, signMachineToken, signSessionToken } from './sign-token.js';

/** `npm run -s token -- <clerkId>`: a token that the running stack accepts, and nothing else on stdout. */

const USAGE =
  'Usage: npm run -s token -- <clerkId> [--data-dir DIR]\n' +
  '       npm run -s token -- [mch_name] --scope "conversions:publish conversions:read" [--data-dir DIR]';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'data-dir': { type: 'string', default: '.data' }, scope: { type: 'string' } },
});

try {
  console.log(await createToken(positionals[0], values['data-dir'], values.scope));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function createToken(name: string | undefined, dataDir: string, scope?: string): Promise<string> {
  if (name === undefined && scope === undefined) throw new Error(USAGE);
  const { issuerUrl } = await readStackInfo(dataDir);
  const key = await loadIssuerKey(pathsIn(dataDir).issuerKey);
  if (scope === undefined) return signSessionToken(key, { issuerUrl, clerkId: String(name) });
  // The API knows Clerk's machines by this prefix.
  const subject = name === undefined || name.startsWith('mch_') ? (name ?? LOCAL_MACHINE) : `mch_${name}`;
  if (subject !== LOCAL_MACHINE)
    console.error(`${subject} has the scopes that MACHINE_SCOPES of npm start grants it.`);
  return signMachineToken(key, { issuerUrl, scope, subject });
}
