import { randomUUID } from 'node:crypto';
import { type ImpactSandboxOptions, startImpactSandbox } from '../../dev/impact-sandbox/index.js';
import { createSandboxCaller } from '../support/sandbox-caller.js';

export const account = '/Advertisers/IRsandboxSid';
const CREDENTIALS = { accountSid: 'IRsandboxSid', authToken: 'sandbox-token' };

export type Fields = Record<string, string>;
export type TestSandbox = Awaited<ReturnType<typeof startTestSandbox>>;

export function sale(fields: Fields = {}) {
  return {
    CampaignId: '48046',
    ActionTrackerId: '99999',
    EventDate: '2026-11-23T10:00:00Z',
    OrderId: randomUUID(),
    ClickId: 'click',
    Amount: '50.00',
    CurrencyCode: 'USD',
    ...fields,
  };
}

/** A sandbox, and short words for calls to it. */
export async function startTestSandbox(options: Partial<ImpactSandboxOptions> = {}) {
  const sandbox = await startImpactSandbox({ ...CREDENTIALS, ...options });
  const caller = createSandboxCaller(sandbox.url);

  /** Calls Impact's API; a body is sent as a form. */
  function call(method: string, path: string, fields?: Fields, init: RequestInit = {}) {
    const headers = { authorization: `Basic ${btoa('IRsandboxSid:sandbox-token')}` };
    const body = fields ? new URLSearchParams(fields) : null;
    return fetch(`${sandbox.url}${path}`, { method, headers, body, ...init });
  }

  return {
    ...caller,
    stop: sandbox.stop,
    call,
    post: (fields: Fields = sale(), init: RequestInit = {}) =>
      call('POST', `${account}/Conversions`, fields, init),
    /** Calls the sandbox's own routes. */
    control: (method: string, path: string, body?: object) =>
      fetch(`${sandbox.url}/_sandbox${path}`, { method, body: body ? JSON.stringify(body) : null }),
    /** Sends a conversion or a change, and resolves with the submission that Impact made of it. */
    async submission(method: string, resource: string, fields: Fields): Promise<Record<string, unknown>> {
      const { QueuedUri } = (await (await call(method, `${account}/${resource}`, fields)).json()) as Fields;
      if (!QueuedUri) throw new Error(`${method} ${resource} was not queued`);
      return (await (await call('GET', QueuedUri)).json()) as Record<string, unknown>;
    },
  };
}
