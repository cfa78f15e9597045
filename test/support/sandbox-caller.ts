import type { ReceivedConversion, ReceivedRequest } from '../../dev/impact-sandbox/received.js';

export type SandboxCaller = ReturnType<typeof createSandboxCaller>;

/** What the Impact sandbox received, and faults for what it receives next. */
export function createSandboxCaller(url: string) {
  async function call(path: string, init?: RequestInit) {
    const response = await fetch(`${url}/_sandbox${path}`, init);
    if (!response.ok) throw new Error(`sandbox ${path}: ${response.status} ${await response.text()}`);
    return response;
  }
  async function get<T>(path: string): Promise<T> {
    return (await (await call(path)).json()) as T;
  }
  return {
    url,
    async conversions(orderId: string): Promise<ReceivedConversion[]> {
      const path = `/conversions?orderId=${encodeURIComponent(orderId)}`;
      return (await get<{ conversions: ReceivedConversion[] }>(path)).conversions;
    },
    async requests(orderId: string): Promise<ReceivedRequest[]> {
      const path = `/requests?orderId=${encodeURIComponent(orderId)}`;
      return (await get<{ requests: ReceivedRequest[] }>(path)).requests;
    },
    async fault(definition: Record<string, unknown>): Promise<void> {
      await call('/faults', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(definition),
      });
    },
    async clearFaults(): Promise<void> {
      await call('/faults', { method: 'DELETE' });
    },
  };
}
