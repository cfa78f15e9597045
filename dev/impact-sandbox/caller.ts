import type { ReceivedConversion, ReceivedRequest } from './received.js';

export type SandboxCaller = ReturnType<typeof createSandboxCaller>;

export interface SandboxAction {
  Id: string;
  State: string;
  Amount: number;
  /** Absent if the conversion had no items. */
  Items?: { Sku: string; Quantity: number; Amount: number }[];
}

/** Reads the requests that the Impact sandbox received, and plans its next responses. */
export function createSandboxCaller(url: string) {
  async function call(path: string, init?: RequestInit) {
    const response = await fetch(`${url}/_sandbox${path}`, init);
    if (!response.ok) throw new Error(`sandbox ${path}: ${response.status} ${await response.text()}`);
    return response;
  }
  async function get<T>(path: string): Promise<T> {
    return (await (await call(path)).json()) as T;
  }
  async function post(path: string, body: Record<string, unknown>): Promise<void> {
    const headers = { 'Content-Type': 'application/json' };
    await call(path, { method: 'POST', headers, body: JSON.stringify(body) });
  }
  return {
    url,
    /** The accepted conversions of an order, or of all orders. */
    async conversions(orderId?: string): Promise<ReceivedConversion[]> {
      const query = orderId === undefined ? '' : `?orderId=${encodeURIComponent(orderId)}`;
      return (await get<{ conversions: ReceivedConversion[] }>(`/conversions${query}`)).conversions;
    },
    /** @param orderId unless for all orders */
    async requests(orderId?: string): Promise<ReceivedRequest[]> {
      const path = orderId === undefined ? '/requests' : `/requests?orderId=${encodeURIComponent(orderId)}`;
      return (await get<{ requests: ReceivedRequest[] }>(path)).requests;
    },
    /** Impact's Actions of an order, or of all orders, as it shows them. */
    async actions(orderId?: string): Promise<SandboxAction[]> {
      const path = orderId === undefined ? '/actions' : `/actions?orderId=${encodeURIComponent(orderId)}`;
      return (await get<{ actions: SandboxAction[] }>(path)).actions;
    },
    /** As if somebody at Impact had changed it. */
    async changeAction(orderId: string, changes: Record<string, unknown>): Promise<void> {
      const [action] = await this.actions(orderId);
      if (!action) throw new Error(`the sandbox has no action of ${orderId}`);
      const headers = { 'Content-Type': 'application/json' };
      await call(`/actions/${action.Id}`, { method: 'PATCH', headers, body: JSON.stringify(changes) });
    },
    /** An action that this service did not report. */
    plantAction: (orderId: string, fields: Record<string, unknown>) =>
      post('/actions', { Oid: orderId, ...fields }),
    fault: (definition: Record<string, unknown>) => post('/faults', definition),
    settings: (changes: Record<string, unknown>) => post('/settings', changes),
    /** Plans the outcome of an order when the sandbox processes it. */
    plan: (outcome: Record<string, unknown>) => post('/outcomes', outcome),
    async forgetPlan(orderId: string): Promise<void> {
      await call(`/outcomes?orderId=${encodeURIComponent(orderId)}`, { method: 'DELETE' });
    },
    async clearFaults(orderId?: string): Promise<void> {
      const query = orderId === undefined ? '' : `?orderId=${encodeURIComponent(orderId)}`;
      await call(`/faults${query}`, { method: 'DELETE' });
    },
  };
}
