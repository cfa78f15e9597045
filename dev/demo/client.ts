import { Client, Connection } from '@temporalio/client';
import { runCommand } from '../../src/cli/run-command.js';
import { processShell } from '../../src/cli/shell.js';
import { openDatabase } from '../../src/mongo.js';
import { callApi } from '../call-api.js';
import { pathsIn, type StackInfo } from '../data-dir.js';
import { createSandboxCaller } from '../impact-sandbox/caller.js';
import { loadIssuerKey } from '../issuer-key.js';
import { signMachineToken, signSessionToken } from '../sign-token.js';

export type DemoClient = Awaited<ReturnType<typeof openDemoClient>>;

export interface ConversionAnswer {
  conversionId: string;
  workflowId: string;
  status: string;
  reason?: string;
  adjustments?: { kind: string; reason: string; status: string }[];
}

/** A website's server and a shop's backend, both over HTTP, with a look into the ledger, Temporal and the sandbox. */
export async function openDemoClient(info: StackInfo, dataDir: string) {
  const key = await loadIssuerKey(pathsIn(dataDir).issuerKey);
  const { issuerUrl, apiUrl } = info;
  const connection = await Connection.connect({ address: info.temporalAddress });
  const db = await openDatabase(info.mongoUri);
  const session = (clerkId: string) => signSessionToken(key, { issuerUrl, clerkId });
  const machine = (scope: string) => signMachineToken(key, { issuerUrl, scope });

  const call = <T>(token: string, path: string, init?: RequestInit) => callApi<T>(apiUrl, token, path, init);
  const send = async <T>(token: string, method: string, path: string, body: object) =>
    call<T>(token, path, { method, body: JSON.stringify(body) });
  const pathOf = (id: string) => `/v1/conversions/${encodeURIComponent(id)}`;

  const publish = async (event: object) =>
    send<ConversionAnswer>(await machine('conversions:publish'), 'POST', '/v1/conversions', event);

  return {
    db,
    temporal: new Client({ connection }),
    urls: info,
    dataDir,
    async firstPage(clerkId: string, clickId?: string): Promise<{ userId: string }> {
      const headers = clickId === undefined ? {} : { 'X-Affiliate-Click-Id': clickId };
      return call(await session(clerkId), '/v1/me', { headers });
    },
    async landAgain(clerkId: string, clickId: string): Promise<void> {
      await send(await session(clerkId), 'PUT', '/v1/me/affiliate-attribution', { clickId });
    },
    publish,
    sell: (userId: string, orderId: string, totalAmountCents = 4900) =>
      publish({ campaignEventId: 'sale_subscription', userId, orderId, totalAmountCents, currency: 'USD' }),
    async reverse(id: string, reason: string): Promise<void> {
      await send(await machine('conversions:adjust'), 'POST', `${pathOf(id)}/reverse`, { reason });
    },
    async conversion(id: string): Promise<ConversionAnswer> {
      return call(await machine('conversions:read'), pathOf(id));
    },
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
