import { createAffiliateClient, dataOf } from '../client/src/index.js';
import { EXAMPLE, exampleSales, publishExamples } from '../src/api/examples.js';
import { CLICK_ID_HEADER } from '../src/domain/attribution.js';
import { campaignEventIdOf } from '../src/domain/conversion.js';
import type { Programme } from '../src/domain/programme/programme.js';
import { SCOPES } from '../src/domain/scopes.js';
import { runAudit } from '../src/operations/run-audit.js';
import { createTemporalClient } from '../src/temporal/client.js';
import { pathsIn } from './data-dir.js';
import { createSandboxCaller } from './impact-sandbox/caller.js';
import { loadIssuerKey } from './issuer-key.js';
import { signMachineToken, signSessionToken } from './sign-token.js';

export interface ExampleTarget {
  apiUrl: string;
  impactUrl: string;
  /** A token of the example user, and one of a backend. */
  tokens: { session: string; machine: string };
  temporalAddress: string;
  namespace?: string | undefined;
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
 * refuses; a signup of a person who is erased in another example; and an audit of them. Where they are there already, it changes nothing.
 */
export async function makeExamples(target: ExampleTarget): Promise<void> {
  const { apiUrl, impactUrl, tokens, programme } = target;
  const sandbox = createSandboxCaller(impactUrl);
  const user = createAffiliateClient({ baseUrl: apiUrl, token: tokens.session });
  const backend = createAffiliateClient({ baseUrl: apiUrl, token: tokens.machine });
  await dataOf(user.GET('/v1/me', { params: { header: { [CLICK_ID_HEADER]: EXAMPLE.clickId } } }));
  for (const [name, conversionId] of Object.entries(exampleSales(programme))) {
    const [, orderId] = conversionId.split(':');
    // The types know the events of the built-in programme, and this may be another one.
    const body = { ...publishExamples(programme)[campaignEventIdOf(conversionId)], orderId } as never;
    const { wouldBe } = await dataOf(backend.POST('/v1/conversions/dry-run', { body }));
    if (wouldBe === 'unchanged') continue;
    if (name.startsWith('parked')) await sandbox.fault({ ...REFUSAL, orderId });
    await dataOf(backend.POST('/v1/conversions', { body }));
  }
  // A signup that is held, so that its example can erase this person alone.
  const held = { campaignEventId: programme.signup.id, clerkId: EXAMPLE.erasedClerkId } as never;
  await dataOf(backend.POST('/v1/conversions', { body: held }));
  const { response } = await backend.GET('/v1/audits/latest');
  if (!response.ok) await auditExamples(target);
}

const DAY_MS = 86_400_000;

async function auditExamples({ temporalAddress, namespace }: ExampleTarget): Promise<void> {
  const config = { connectionOptions: { address: temporalAddress }, ...(namespace ? { namespace } : {}) };
  const temporal = createTemporalClient(config);
  const [from = '', to = ''] = [-DAY_MS, DAY_MS].map((ms) => new Date(Date.now() + ms).toISOString());
  try {
    await runAudit(temporal, { from, to }, { patienceMs: 60_000, say: () => undefined });
  } finally {
    await temporal.connection.close();
  }
}
