import { createLocalJWKSet, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { onTestFinished, vi } from 'vitest';
import { createAuthenticate, type Principal } from '../../../src/api/authenticate.js';
import { type Environment, loadApiConfig } from '../../../src/config.js';
import { readProjectFile } from '../../deployment/project-files.js';

export type Claims = Record<string, unknown>;

/** The page, by its headings of the second level. */
const sections = (await readProjectFile('docs/authentication.md')).split(/^## /m);

function blocksOf(heading: string, language: string): string[] {
  const section = sections.find((each) => each.startsWith(`${heading}\n`));
  if (!section) throw new Error(`docs/authentication.md has no section "${heading}"`);
  return [...section.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(
    ([, text = '']) => text,
  );
}

/** `NAME=value` or `NAME="value"`, a variable a line. */
function variablesIn(text: string): Environment {
  return Object.fromEntries(
    [...text.matchAll(/^(\w+)="?([^"\n]*)"?$/gm)].map(([, name = '', value]) => [name, value]),
  );
}

/** The first environment of a section. */
export const documentedEnvironment = (heading: string): Environment =>
  variablesIn(blocksOf(heading, 'sh')[0] ?? '');

/** The environment, a user's token and a machine's token of a section. */
export function documented(heading: string): { env: Environment; user: Claims; machine: Claims } {
  const [user, machine] = blocksOf(heading, 'json').map((text) => JSON.parse(text));
  return { env: documentedEnvironment(heading), user, machine };
}

export const configOf = (env: Environment) =>
  loadApiConfig({ MONGODB_URI: 'mongodb://127.0.0.1:1/x', USER_ID_KEY: 'k'.repeat(32), ...env }).auth;

export async function newKey(alg = 'RS256', kid = 'key', options: { crv?: string } = {}) {
  const { privateKey, publicKey } = await generateKeyPair(alg, options);
  const jwk: JWK = { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' };
  return { jwk, sign: (claims: Claims, header = {}) => sign(claims, { alg, kid, ...header }, privateKey) };
}

function sign(
  claims: Claims,
  header: { alg: string; kid: string },
  key: Parameters<SignJWT['sign']>[0],
): Promise<string> {
  const { kid, ...rest } = header;
  return new SignJWT(claims).setProtectedHeader({ typ: 'JWT', ...rest, ...(kid && { kid }) }).sign(key);
}

/** Of the issuer of users, and of that of machines. */
export const keys = { users: await newKey(), machines: await newKey() };

/** Who calls, at a moment when the token is valid: the API as `env` configures it, with keys that it has fetched. */
export async function caller(env: Environment, claims: Claims, signedBy = keys.users): Promise<Principal> {
  vi.useFakeTimers({ toFake: ['Date'], now: (Number(claims.iat) + 10) * 1_000 });
  onTestFinished(() => void vi.useRealTimers());
  const config = configOf(env);
  const find = ({ jwk }: { jwk: JWK }) => {
    const found = createLocalJWKSet({ keys: [jwk] });
    return () => found;
  };
  const users = find(keys.users);
  const machines = env.MACHINE_ISSUER ? find(keys.machines) : users;
  const authenticate = createAuthenticate(config, { users, machines });
  return authenticate(`Bearer ${await signedBy.sign(claims)}`);
}

/** The code and the words of the refusal. */
export const refusal = (env: Environment, claims: Claims, signedBy = keys.users): Promise<string> =>
  caller(env, claims, signedBy).then(
    (principal) => `accepted as ${JSON.stringify(principal)}`,
    ({ code, message }: { code: string; message: string }) => `${code}: ${message}`,
  );
