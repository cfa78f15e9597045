import { createPublicKey, type JsonWebKey, randomUUID } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importJWK, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadIssuerKey, publicPartOf } from '../../dev/issuer-key.js';
import { signSessionToken } from '../../dev/sign-token.js';
import type { ProblemCode } from '../../src/api/problem.js';
import { AUTHORIZED_PARTY, type Stack, startStack } from '../support/stack.js';
import { expectProblem } from './support.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ worker: false });
});
afterAll(() => stack.stop());

const seconds = () => Math.floor(Date.now() / 1000);
const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const claimsOf = (clerkId: string) => ({
  iss: stack.issuer.issuerUrl,
  sub: clerkId,
  sid: 'sess_1',
  exp: seconds() + 60,
});

async function strangersKey() {
  return loadIssuerKey(join(await mkdtemp(join(tmpdir(), 'affiliate-')), 'key.json'));
}

async function unsigned(clerkId: string): Promise<string> {
  return `${base64url({ alg: 'none', kid: stack.issuer.key.kid })}.${base64url(claimsOf(clerkId))}.`;
}

/** The classic algorithm confusion: the public key serves as an HMAC secret. */
async function signedWithThePublicKey(clerkId: string): Promise<string> {
  const publicKey = createPublicKey({ key: publicPartOf(stack.issuer.key) as JsonWebKey, format: 'jwk' });
  const secret = Buffer.from(publicKey.export({ type: 'spki', format: 'pem' }));
  const header = { alg: 'HS256', kid: stack.issuer.key.kid };
  return new SignJWT(claimsOf(clerkId)).setProtectedHeader(header).sign(secret);
}

async function signedWithAnotherAlgorithm(clerkId: string): Promise<string> {
  const key = await importJWK(stack.issuer.key, 'PS256');
  const header = { alg: 'PS256', kid: stack.issuer.key.kid };
  return new SignJWT(claimsOf(clerkId)).setProtectedHeader(header).sign(key);
}

async function signedByAStranger(clerkId: string, kid?: string): Promise<string> {
  const key = await strangersKey();
  const { issuerUrl } = stack.issuer;
  return signSessionToken({ ...key, kid: kid ?? key.kid }, { issuerUrl, clerkId });
}

async function withOtherClaims(clerkId: string): Promise<string> {
  const [header, , signature] = (await stack.api.tokens.session('user_somebody')).split('.');
  return `${header}.${base64url(claimsOf(clerkId))}.${signature}`;
}

const session = (claims: () => Record<string, unknown>) => (clerkId: string) =>
  stack.api.tokens.session(clerkId, claims());
const bearer = (token: (clerkId: string) => Promise<string>) => async (clerkId: string) =>
  `Bearer ${await token(clerkId)}`;

type Case = [
  what: string,
  code: ProblemCode,
  authorization: (clerkId: string) => Promise<string | undefined>,
];

const CASES: Case[] = [
  ['no Authorization', 'token_missing', async () => undefined],
  ['an empty Authorization', 'token_missing', async () => ''],
  ['a scheme other than Bearer', 'token_missing', async () => `Basic ${btoa('user:password')}`],
  ['a token without a scheme', 'token_missing', (clerkId) => stack.api.tokens.session(clerkId)],
  ['Bearer without a token', 'token_missing', async () => 'Bearer '],
  ['two tokens', 'token_missing', async () => 'Bearer a.b.c d.e.f'],
  ['garbage', 'token_malformed', async () => 'Bearer garbage'],
  ['three parts of garbage', 'token_malformed', async () => 'Bearer a.b.c'],
  ['five parts, as an encrypted token has', 'token_malformed', async () => 'Bearer a.b.c.d.e'],
  ['a token that has expired', 'token_expired', bearer(session(() => ({ exp: seconds() - 60 })))],
  ['a token that is not valid yet', 'token_not_yet_valid', bearer(session(() => ({ nbf: seconds() + 60 })))],
  ['another issuer', 'token_wrong_issuer', bearer(session(() => ({ iss: 'https://other.example.com' })))],
  ['no issuer', 'token_wrong_issuer', bearer(session(() => ({ iss: undefined })))],
  ['another party', 'token_wrong_party', bearer(session(() => ({ azp: 'https://evil.example.com' })))],
  ['an empty party', 'token_wrong_party', bearer(session(() => ({ azp: '' })))],
  ['no session id', 'token_not_a_session', bearer(session(() => ({ sid: undefined })))],
  ['an empty session id', 'token_not_a_session', bearer(session(() => ({ sid: '' })))],
  ['a pending session', 'session_pending', bearer(session(() => ({ sts: 'pending' })))],
  ['no subject', 'token_malformed', bearer(session(() => ({ sub: undefined })))],
  ['an empty subject', 'token_malformed', bearer(session(() => ({ sub: '' })))],
  ['a subject that is not a string', 'token_malformed', bearer(session(() => ({ sub: 5, sid: undefined })))],
  ['a key that the issuer does not have', 'token_unknown_key', bearer((id) => signedByAStranger(id))],
  [
    "a stranger's signature under the issuer's `kid`",
    'token_invalid_signature',
    bearer((id) => signedByAStranger(id, stack.issuer.key.kid)),
  ],
  ['claims that the signature does not cover', 'token_invalid_signature', bearer(withOtherClaims)],
  ["the issuer's key with another algorithm", 'token_invalid_signature', bearer(signedWithAnotherAlgorithm)],
  ['`alg: none`', 'token_invalid_signature', bearer(unsigned)],
  ['HS256 with the public key as the secret', 'token_invalid_signature', bearer(signedWithThePublicKey)],
];

describe('a request with', () => {
  it.each(CASES)('%s is answered 401 %s, and creates no user', async (_what, code, authorization) => {
    const clerkId = `user_${randomUUID()}`;
    const value = await authorization(clerkId);
    const headers: Record<string, string> = { 'X-Affiliate-Click-Id': 'abc' };
    if (value !== undefined) headers.Authorization = value;
    const answer = await stack.api.call('/v1/me', { headers });
    expectProblem(answer, 401, code);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer\b/);
    expect(await stack.db.users.countDocuments({ clerkId })).toBe(0);
  });
});

describe('a session token is accepted', () => {
  it('without a party, because Clerk omits it if the browser sent no Origin', async () => {
    const clerkId = `user_${randomUUID()}`;
    const token = await stack.api.tokens.session(clerkId, { azp: undefined });
    expect((await stack.api.call('/v1/me', { token })).body.clerkId).toBe(clerkId);
  });

  it('from an authorized party', async () => {
    const clerkId = `user_${randomUUID()}`;
    const token = await stack.api.tokens.session(clerkId, { azp: AUTHORIZED_PARTY });
    expect((await stack.api.call('/v1/me', { token })).body.clerkId).toBe(clerkId);
  });

  it.each(['bearer', 'BEARER', 'Bearer  '])('with the scheme %j', async (scheme) => {
    const clerkId = `user_${randomUUID()}`;
    const headers = { Authorization: `${scheme} ${await stack.api.tokens.session(clerkId)}` };
    expect((await stack.api.call('/v1/me', { headers })).status).toBe(200);
  });
});
