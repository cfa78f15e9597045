import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach } from 'vitest';
import { createSandboxCaller } from '../../dev/impact-sandbox/caller.js';
import { type ImpactSandboxOptions, startImpactSandbox } from '../../dev/impact-sandbox/index.js';

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
  return { ...createTestCaller(sandbox.url), stop: sandbox.stop };
}

/** Each test of the file gets a sandbox with a journal, which it may restart. */
export function useJournal() {
  const current = {} as { journal: string; sandbox: TestSandbox };
  beforeEach(async () => {
    const directory = await mkdtemp(join(tmpdir(), 'impact-sandbox-'));
    current.journal = join(directory, 'journal.jsonl');
    current.sandbox = await startTestSandbox({ journal: current.journal });
    return async () => {
      await current.sandbox.stop();
      await rm(directory, { recursive: true });
    };
  });
  return {
    current,
    async restart(options: Partial<ImpactSandboxOptions> = {}): Promise<void> {
      await current.sandbox.stop();
      current.sandbox = await startTestSandbox({ journal: current.journal, ...options });
    },
  };
}

export function createTestCaller(url: string) {
  /** Calls Impact's API; a body is sent as a form. */
  function call(method: string, path: string, fields?: Fields, init: RequestInit = {}) {
    const headers = { authorization: `Basic ${btoa('IRsandboxSid:sandbox-token')}` };
    const body = fields ? new URLSearchParams(fields) : null;
    return fetch(`${url}${path}`, { method, headers, body, ...init });
  }

  return {
    ...createSandboxCaller(url),
    call,
    post: (fields: Fields = sale(), init: RequestInit = {}) =>
      call('POST', `${account}/Conversions`, fields, init),
    /** Sends a conversion and does not look at its result. Resolves with the submission's path. */
    async queue(fields: Fields = {}): Promise<string> {
      const response = await call('POST', `${account}/Conversions`, sale(fields));
      return ((await response.json()) as { QueuedUri: string }).QueuedUri;
    },
    get: async (path: string) => (await call('GET', path)).json(),
    /** Calls the sandbox's own routes. */
    control: (method: string, path: string, body?: object) =>
      fetch(`${url}/_sandbox${path}`, { method, body: body ? JSON.stringify(body) : null }),
    /** Sends a conversion or a change, and resolves with the submission that Impact made of it. */
    async submission(method: string, resource: string, fields: Fields): Promise<Record<string, unknown>> {
      const { QueuedUri } = (await (await call(method, `${account}/${resource}`, fields)).json()) as Fields;
      if (!QueuedUri) throw new Error(`${method} ${resource} was not queued`);
      return (await (await call('GET', QueuedUri)).json()) as Record<string, unknown>;
    },
  };
}
