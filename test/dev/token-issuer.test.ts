import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadIssuerKey } from '../../dev/issuer-key.js';
import { signMachineToken, signSessionToken } from '../../dev/sign-token.js';
import { startTokenIssuer } from '../../dev/token-issuer.js';

let directory: string;
let keyFile: string;
let issuer: Awaited<ReturnType<typeof startTokenIssuer>>;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'affiliate-dev-'));
  keyFile = join(directory, 'key.json');
  issuer = await startTokenIssuer({ keyFile });
});
afterAll(async () => {
  await issuer.stop();
  await rm(directory, { recursive: true });
});

test('a session token is verified with the published keys', async () => {
  const { key, issuerUrl } = issuer;
  const { payload, protectedHeader } = await verify(
    await signSessionToken(key, { issuerUrl, clerkId: 'user_1' }),
  );

  expect(protectedHeader).toMatchObject({ alg: 'RS256', kid: key.kid });
  expect(payload).toMatchObject({ iss: issuerUrl, sub: 'user_1', sid: expect.stringMatching(/^sess_/) });
  expect(Number(payload.exp) - Number(payload.iat)).toBe(3600);
});

test('a machine token has a scope and no session', async () => {
  const { key, issuerUrl } = issuer;
  const { payload } = await verify(await signMachineToken(key, { issuerUrl, scope: 'conversions:publish' }));

  expect(payload).toMatchObject({ sub: expect.stringMatching(/^mch_/), scope: 'conversions:publish' });
  expect(payload).not.toHaveProperty('sid');
});

test('a claim can be replaced, added or left out', async () => {
  const { key, issuerUrl } = issuer;
  const claims = { sid: undefined, azp: 'https://shop.example', sts: 'pending', iat: 0 };
  const { payload } = await verify(await signSessionToken(key, { issuerUrl, clerkId: 'user_1', ...claims }));

  expect(payload).toMatchObject({ azp: 'https://shop.example', sts: 'pending', iat: 0 });
  expect(payload).not.toHaveProperty('sid');
});

test('the private key stays private: readable by its owner only, and not published', async () => {
  const { jwksUrl } = issuer;
  const { keys } = (await (await fetch(jwksUrl)).json()) as { keys: object[] };

  expect((await stat(keyFile)).mode & 0o777).toBe(0o600);
  expect(keys).toHaveLength(1);
  expect(new Set(Object.keys(keys[0] ?? {}))).toEqual(new Set(['alg', 'e', 'kid', 'kty', 'n', 'use']));
});

test('signs nobody in with the key of its tokens: somebody could take a name such as mch_local', async () => {
  const read = async (url: string) => (await fetch(url)).json();
  const { jwks_uri } = (await read(`${issuer.issuerUrl}/.well-known/openid-configuration`)) as {
    jwks_uri: string;
  };
  const { keys } = (await read(jwks_uri)) as { keys: { kid: string }[] };
  expect(keys.map(({ kid }) => kid)).not.toContain(issuer.key.kid);
});

test('says which name has the role, and takes no sign-in that has not begun at the console', async () => {
  const page = `${issuer.issuerUrl}/sign-in/unknown`;
  expect(await (await fetch(page)).text()).toContain('<b>manager</b> has the role');
  const answer = await fetch(page, { method: 'POST', body: new URLSearchParams({ name: 'manager' }) });
  expect(answer.status).toBe(400);
});

test('is known by the address at which others reach it, if it listens elsewhere', async () => {
  const elsewhere = await startTokenIssuer({ keyFile, publicUrl: 'http://issuer.localhost:4020' });
  expect(elsewhere.issuerUrl).toBe('http://issuer.localhost:4020');
  await elsewhere.stop();
});

test('keeps its key over a restart', async () => {
  expect(await loadIssuerKey(keyFile)).toEqual(issuer.key);
});

function verify(token: string) {
  const keys = createRemoteJWKSet(new URL(issuer.jwksUrl));
  return jwtVerify(token, keys, { issuer: issuer.issuerUrl, clockTolerance: 5 });
}
