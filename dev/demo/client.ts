import { Client, Connection } from '@temporalio/client';
import { createAffiliateClient, dataOf } from '../../client/src/index.js';
import { runCommand } from '../../src/cli/run-command.js';
import { processShell } from '../../src/cli/shell.js';
import { openDatabase } from '../../src/mongo.js';
import { pathsIn, type StackInfo } from '../data-dir.js';
import { createSandboxCaller } from '../impact-sandbox/caller.js';
import { loadIssuerKey } from '../issuer-key.js';
import { signMachineToken, signSessionToken } from '../sign-token.js';

export type DemoClient = Awaited<ReturnType<typeof openDemoClient>>;

/** A website's server and a shop's backend, both over HTTP, with a look into the ledger, Temporal and the sandbox. */
export async function openDemoClient(info: StackInfo, dataDir: string) {
  const key = await loadIssuerKey(pathsIn(dataDir).issuerKey);
  const { issuerUrl, apiUrl } = info;
  const connection = await Connection.connect({ address: info.temporalAddress });
  const db = await openDatabase(info.mongoUri);
  const as = (token: () => Promise<string>) => createAffiliateClient({ baseUrl: apiUrl, token });
  const asUser = (clerkId: string) => as(() => signSessionToken(key, { issuerUrl, clerkId }));
  const asBackend = (scope: string) => as(() => signMachineToken(key, { issuerUrl, scope }));

  const publish = (event: object) =>
    // The types know the events of the built-in programme, and the demo has a programme of its own.
    dataOf(asBackend('conversions:publish').POST('/v1/conversions', { body: event as never }));

  return {
    db,
    temporal: new Client({ connection }),
    urls: info,
    dataDir,
    firstPage(clerkId: string, clickId?: string) {
      const header = clickId === undefined ? {} : { 'X-Affiliate-Click-Id': clickId };
      return dataOf(asUser(clerkId).GET('/v1/me', { params: { header } }));
    },
    landAgain: (clerkId: string, clickId: string) =>
      dataOf(asUser(clerkId).PUT('/v1/me/affiliate-attribution', { body: { clickId } })),
    publish,
    sell: (userId: string, orderId: string, totalAmountCents = 4900) =>
      publish({ campaignEventId: 'sale_subscription', userId, orderId, totalAmountCents, currency: 'USD' }),
    reverse: (conversionId: string, reason: 'ITEM_RETURNED' | 'REJECTED') =>
      dataOf(
        asBackend('conversions:adjust').POST('/v1/conversions/{conversionId}/reverse', {
          params: { path: { conversionId } },
          body: { reason },
        }),
      ),
    conversion: (conversionId: string) =>
      dataOf(
        asBackend('conversions:read').GET('/v1/conversions/{conversionId}', {
          params: { path: { conversionId } },
        }),
      ),
    sandbox: createSandboxCaller(info.impactUrl),
    /** Runs `npm run -s conversions -- …` for this stack, and returns what it prints. */
    async command(...args: string[]): Promise<string> {
      const lines: string[] = [];
      const keep = (text: string) => void lines.push(text);
      const shell = { ...processShell(), environment: {}, print: keep, say: keep };
      if ((await runCommand([...args, '--data-dir', dataDir], shell)) !== 0)
        throw new Error(lines.join('\n'));
      return lines.join('\n');
    },
    async close(): Promise<void> {
      await connection.close();
      await db.close();
    },
  };
}
