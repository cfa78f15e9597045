import { EXAMPLE, exampleSales, publishExamples } from '../src/api/examples.js';
import { CLICK_ID_HEADER } from '../src/domain/attribution.js';
import { campaignEventIdOf } from '../src/domain/conversion.js';
import type { Programme } from '../src/domain/programme/programme.js';
import { SCOPES } from '../src/domain/scopes.js';
import { callApi } from './call-api.js';
import { pathsIn } from './data-dir.js';
import { createSandboxCaller } from './impact-sandbox/caller.js';
import { loadIssuerKey } from './issuer-key.js';
import { signMachineToken, signSessionToken } from './sign-token.js';

export interface ExampleTarget {
  apiUrl: string;
  impactUrl: string;
  /** A token of the example user, and one of a backend. */
  tokens: { session: string; machine: string };
  programme: Programme;
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
export async function makeExamples({ apiUrl, impactUrl, tokens, programme }: ExampleTarget): Promise<void> {
  const sandbox = createSandboxCaller(impactUrl);
  await callApi(apiUrl, tokens.session, '/v1/me', { headers: { [CLICK_ID_HEADER]: EXAMPLE.clickId } });
  for (const [name, conversionId] of Object.entries(exampleSales(programme))) {
    const [, orderId] = conversionId.split(':');
    const body = JSON.stringify({ ...publishExamples(programme)[campaignEventIdOf(conversionId)], orderId });
    const publish = (path: string) =>
      callApi<{ wouldBe?: string }>(apiUrl, tokens.machine, path, { method: 'POST', body });
    if ((await publish('/v1/conversions/dry-run')).wouldBe === 'unchanged') continue;
    if (name.startsWith('parked')) await sandbox.fault({ ...REFUSAL, orderId });
    await publish('/v1/conversions');
  }
}
