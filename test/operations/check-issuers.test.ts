import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { expect, onTestFinished, test } from 'vitest';
import { issuerChecks } from '../../src/operations/check-issuers.js';
import { runChecks } from '../../src/operations/run-checks.js';
import { startKeyServer } from '../api/key-server.js';

const ISSUER = 'https://issuer.example.com';

const publicKey = async (alg: string) => exportJWK((await generateKeyPair(alg)).publicKey);

async function serve(...keys: JWK[]) {
  const server = await startKeyServer(keys);
  onTestFinished(() => server.stop());
  return { issuer: ISSUER, jwksUrl: server.jwksUrl };
}

test('the keys that can verify are counted, once for one issuer', async () => {
  const issuer = await serve(await publicKey('RS256'), await publicKey('ES256'), { kty: 'RSA' });
  const checks = issuerChecks({ users: issuer, machines: issuer, algorithms: ['RS256', 'ES256'] });
  expect(await runChecks(checks)).toEqual([
    { name: `keys of ${ISSUER}`, state: 'ok', detail: `2 at ${issuer.jwksUrl}` },
  ]);
});

test('an issuer of machines without a usable key fails, and its variables are named', async () => {
  const users = await serve(await publicKey('RS256'));
  const machines = { ...(await serve(await publicKey('ES256'))), issuer: 'https://machines.example.com' };
  const [, ofMachines] = await runChecks(issuerChecks({ users, machines, algorithms: ['RS256'] }));
  expect(ofMachines).toMatchObject({
    state: 'failed',
    detail: expect.stringContaining('none of the 1 keys in the set can verify RS256'),
    next: expect.stringMatching(/MACHINE_ISSUER and MACHINE_JWKS_URL/),
  });
});
