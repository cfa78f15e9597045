import { Client, Connection } from '@temporalio/client';
import { type Database, openDatabase } from '../../src/mongo.js';
import { pathsIn, type StackInfo } from '../data-dir.js';
import type { ReceivedConversion } from '../impact-sandbox/index.js';
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

/** A website's server, a shop's backend and a curious engineer in one, all over HTTP. */
export async function openDemoClient(info: StackInfo, dataDir: string) {
  const key = await loadIssuerKey(pathsIn(dataDir).issuerKey);
  const { issuerUrl, apiUrl } = info;
  const connection = await Connection.connect({ address: info.temporalAddress });
  const db: Database = await openDatabase(info.mongoUri);
  const session = (clerkId: string) => signSessionToken(key, { issuerUrl, clerkId });
  const machine = (scope: string) => signMachineToken(key, { issuerUrl, scope });

  async function call<T>(token: string, path: string, init: RequestInit = {}): Promise<T> {
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', ...init.headers };
    const response = await fetch(apiUrl + path, { ...init, headers });
    const text = await response.text();
    if (!response.ok) throw new Error(`${init.method ?? 'GET'} ${path} answered ${response.status}: ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  return {
    db,
    temporal: new Client({ connection }),
    temporalUiUrl: info.temporalUiUrl,
    async firstPage(clerkId: string, clickId?: string): Promise<{ userId: string }> {
      const headers: Record<string, string> =
        clickId === undefined ? {} : { 'X-Affiliate-Click-Id': clickId };
      return call(await session(clerkId), '/v1/me', { headers });
    },
    async landAgain(clerkId: string, clickId: string): Promise<void> {
      await call(await session(clerkId), '/v1/me/affiliate-attribution', {
        method: 'PUT',
        body: JSON.stringify({ clickId }),
      });
    },
    async sell(userId: string, orderId: string): Promise<ConversionAnswer> {
      return call(await machine('conversions:publish'), '/v1/conversions', {
        method: 'POST',
        body: JSON.stringify({
          campaignEventId: 'sale_subscription',
          userId,
          orderId,
          totalAmountCents: 4900,
          currency: 'USD',
        }),
      });
    },
    async reverse(id: string, reason: string): Promise<void> {
      await call(await machine('conversions:publish'), `/v1/conversions/${encodeURIComponent(id)}/reverse`, {
        method: 'POST',
        body: JSON.stringify({ reason }),
      });
    },
    async conversion(id: string): Promise<ConversionAnswer> {
      return call(await machine('conversions:read'), `/v1/conversions/${encodeURIComponent(id)}`);
    },
    async receivedByImpact(orderId: string): Promise<ReceivedConversion[]> {
      const response = await fetch(
        `${info.impactUrl}/_sandbox/conversions?orderId=${encodeURIComponent(orderId)}`,
      );
      return ((await response.json()) as { conversions: ReceivedConversion[] }).conversions;
    },
    async actionsAtImpact(orderId: string): Promise<{ Id: string; State: string; Amount: number }[]> {
      const response = await fetch(
        `${info.impactUrl}/_sandbox/actions?orderId=${encodeURIComponent(orderId)}`,
      );
      return ((await response.json()) as { actions: { Id: string; State: string; Amount: number }[] })
        .actions;
    },
    async close(): Promise<void> {
      await connection.close();
      await db.close();
    },
  };
}
