import { randomUUID } from 'node:crypto';
import { type ImpactSandboxOptions, startImpactSandbox } from '../../dev/impact-sandbox/index.js';

export const account = '/Advertisers/IRsandboxSid';
/** What the sandboxes of these tests take for now, until they are told otherwise. */
export const NOW = Date.parse('2026-11-23T12:00:00Z');
export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

export type Fields = Record<string, string>;
export type Json = Record<string, unknown>;
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

/** A sandbox at a standstill of time, and short words for calling it. */
export async function startTestSandbox(options: Partial<ImpactSandboxOptions> = {}) {
  const sandbox = await startImpactSandbox({
    accountSid: 'IRsandboxSid',
    authToken: 'sandbox-token',
    now: () => NOW,
    ...options,
  });

  /** Of Impact's API; a body is sent as a form. */
  function call(
    method: string,
    path: string,
    fields?: Fields,
    headers: Fields = { accept: 'application/json' },
  ) {
    const authorization = `Basic ${btoa('IRsandboxSid:sandbox-token')}`;
    const body = fields ? new URLSearchParams(fields) : null;
    return fetch(`${sandbox.url}${path}`, { method, headers: { authorization, ...headers }, body });
  }

  async function get<T = Json>(path: string): Promise<T> {
    return (await (await call('GET', path)).json()) as T;
  }

  async function queuedUri(method: string, path: string, fields: Fields): Promise<string> {
    const response = await call(method, path, fields);
    const { QueuedUri } = (await response.json()) as { QueuedUri?: string };
    if (!QueuedUri) throw new Error(`${method} ${path}: ${response.status}`);
    return QueuedUri;
  }

  /** Of the sandbox's own routes. */
  function control(method: string, path: string, body?: object) {
    return fetch(`${sandbox.url}/_sandbox${path}`, { method, body: body ? JSON.stringify(body) : null });
  }

  return {
    ...sandbox,
    call,
    get,
    control,
    advance: (advanceMs: number) => control('POST', '/clock', { advanceMs }),
    settings: (changes: object) => control('POST', '/settings', changes),
    plan: (outcome: object) => control('POST', '/outcomes', outcome),
    /** Submits a conversion and says where its submission is found. */
    submit: (fields: Fields = sale()) => queuedUri('POST', `${account}/Conversions`, fields),
    update: (fields: Fields) => queuedUri('PUT', `${account}/Actions`, fields),
    reverse: (fields: Fields) => queuedUri('DELETE', `${account}/Actions`, fields),

    async status(uri: string): Promise<unknown> {
      return (await get(uri)).Status;
    },
    async error(uri: string): Promise<unknown[]> {
      const { Status, ErrorType, ErrorReason } = await get(uri);
      return [Status, ErrorType, ErrorReason];
    },
  };
}
