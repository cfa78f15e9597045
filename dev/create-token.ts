import { SCOPES } from '../src/domain/scopes.js';
import { DATA_DIR, UsageError } from './command-line.js';
import { pathsIn, readStackInfo } from './data-dir.js';
import { loadIssuerKey } from './issuer-key.js';
import { LOCAL_MACHINE, signMachineToken, signSessionToken } from './sign-token.js';

export const TOKEN_USAGE = `Usage: npm run -s token -- [user [NAME] | machine [NAME]] [--scope SCOPES] [--data-dir DIR]

  user        a session token of the user NAME, user_local by default
  machine     a backend's token, of the machine NAME, ${LOCAL_MACHINE} by default; npm start grants any other machine only
              the scopes of MACHINE_SCOPES
  --scope     scopes of a machine, separated by spaces; by default all:
              ${SCOPES.join(' ')}
  --data-dir  the stack whose token it is, .data by default

A token is valid for an hour.

  curl -s localhost:3000/v1/me -H "Authorization: Bearer $(npm run -s token)"
  curl -s localhost:3000/v1/conversions -H "Authorization: Bearer $(npm run -s token -- machine)"
  npm run -s token -- user alice
  npm run -s token -- machine shop --scope conversions:read`;

export const TOKEN_OPTIONS = { ...DATA_DIR, scope: { type: 'string' } } as const;

type TokenArguments = { values: { 'data-dir': string; scope?: string }; positionals: string[] };

/** @throws UsageError, or an error that says that no stack runs */
export async function createToken(
  { values, positionals }: TokenArguments,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const [kind = 'user', name, ...others] = positionals;
  if (kind !== 'user' && kind !== 'machine')
    throw wrong(`A token is for a user or a machine. For a user of this name: token -- user ${kind}`);
  if (others.length > 0) throw wrong(`One name at a time, not also "${others[0]}".`);
  if (kind === 'user' && values.scope !== undefined)
    throw wrong('A user has no scopes: --scope is for machines.');
  const scopes = readScopes(values.scope);
  const { issuerUrl, keyFile } = await findIssuer(values['data-dir'], env);
  const key = await loadIssuerKey(keyFile);
  return kind === 'user'
    ? signSessionToken(key, { issuerUrl, clerkId: name ?? 'user_local' })
    : signMachineToken(key, { issuerUrl, subject: machine(name), scope: scopes.join(' ') });
}

/** The issuer in whose container this runs (issuer-process.ts), or that of the stack. */
async function findIssuer(dataDir: string, { ISSUER_URL, ISSUER_KEY_FILE }: NodeJS.ProcessEnv) {
  if (ISSUER_URL && ISSUER_KEY_FILE) return { issuerUrl: ISSUER_URL, keyFile: ISSUER_KEY_FILE };
  const { issuerUrl } = await readStackInfo(dataDir);
  return { issuerUrl, keyFile: pathsIn(dataDir).issuerKey };
}

function readScopes(text: string | undefined): readonly string[] {
  if (text === undefined) return SCOPES;
  const scopes = text.split(/[\s,]+/).filter(Boolean);
  const unknown = scopes.find((scope) => !SCOPES.some((known) => known === scope));
  if (unknown !== undefined || scopes.length === 0) throw wrong(`There is no scope "${unknown ?? text}".`);
  return scopes;
}

function wrong(problem: string): UsageError {
  return new UsageError(problem, TOKEN_USAGE);
}

/** The API knows Clerk's machines by this prefix. */
function machine(name = LOCAL_MACHINE): string {
  return name.startsWith('mch_') ? name : `mch_${name}`;
}
