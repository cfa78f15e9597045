import { EXAMPLE } from '../src/api/examples.js';
import { SCOPES } from '../src/domain/scopes.js';
import { pathsIn } from './data-dir.js';
import { createSandboxCaller } from './impact-sandbox/caller.js';
import { loadIssuerKey } from './issuer-key.js';
import { signMachineToken, signSessionToken } from './sign-token.js';

export interface ExampleTarget {
  apiUrl: string;
  impactUrl: string;
  /** A token of the example user, and one of a backend. */
  tokens: { session: string; machine: string };
}

/** Tokens of the stack that runs on the directory. */
export async function exampleTokens({ issuerUrl }: { issuerUrl: string }, dataDir: string) {
  const key = await loadIssuerKey(pathsIn(dataDir).issuerKey);
  return {
    session: await signSessionToken(key, { issuerUrl, clerkId: EXAMPLE.clerkId }),
    machine: await signMachineToken(key, { issuerUrl, scope: SCOPES.join(' ') }),
  };
}

/** Impact's answer to the orders of the examples that park. */
const REFUSAL = {
  kind: 'status',
  status: 400,
  body: { Status: 'ERROR', Message: 'The sandbox refuses this order once, as an example.' },
};

/**
 * Makes what the examples of /openapi.json name: a user whom a click brought, and sales of it, two of which the sandbox
 * refuses. Where they are there already, it changes nothing.
 */
export async function makeExamples({ apiUrl, impactUrl, tokens }: ExampleTarget): Promise<void> {
  const sandbox = createSandboxCaller(impactUrl);
  const call = (path: string, token: string, init: RequestInit) => request(apiUrl + path, token, init);
  await call('/v1/me', tokens.session, { headers: { 'X-Affiliate-Click-Id': EXAMPLE.clickId } });
  for (const [name, conversionId] of Object.entries(EXAMPLE)) {
    const [, orderId] = conversionId.split('sale_subscription:');
    if (orderId === undefined) continue;
    const sale = { campaignEventId: 'sale_subscription', clerkId: EXAMPLE.clerkId, orderId };
    const body = JSON.stringify({ ...sale, totalAmountCents: 4900, currency: 'USD' });
    const dryRun = await call('/v1/conversions/dry-run', tokens.machine, { method: 'POST', body });
    if (dryRun.wouldBe === 'unchanged') continue;
    if (name.startsWith('parked')) await sandbox.fault({ ...REFUSAL, orderId });
    await call('/v1/conversions', tokens.machine, { method: 'POST', body });
  }
}

async function request(url: string, token: string, init: RequestInit): Promise<{ wouldBe?: string }> {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', ...init.headers };
  const response = await fetch(url, { ...init, headers });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as { wouldBe?: string };
}
