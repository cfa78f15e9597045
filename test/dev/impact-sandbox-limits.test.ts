import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  account,
  HOUR_MS,
  MINUTE_MS,
  sale,
  startTestSandbox,
  type TestSandbox,
} from './impact-sandbox-support.js';

let sandbox: TestSandbox;
beforeEach(async () => {
  sandbox = await startTestSandbox();
});
afterEach(() => sandbox.stop());

const list = () => sandbox.call('GET', `${account}/Actions?CampaignId=48046`);

/** Limit, remaining and reset; null where there is no such header. */
function rateLimit({ headers }: { headers: Headers }): (string | null)[] {
  return ['limit', 'remaining', 'reset'].map((name) => headers.get(`x-ratelimit-${name}`));
}

describe('a rate limit of a resource', () => {
  it('is 1,000 an hour by default', async () => {
    expect(rateLimit(await list())).toEqual(['1000', '999', '3600']);
  });

  it('is none for conversions', async () => {
    expect(rateLimit(await sandbox.call('POST', `${account}/Conversions`, sale()))).toEqual([
      null,
      null,
      null,
    ]);
  });

  it('is one for conversions when it is set', async () => {
    await sandbox.settings({ rateLimits: { Conversions: 1 } });
    await sandbox.submit();
    expect((await sandbox.call('POST', `${account}/Conversions`, sale())).status).toBe(429);
  });

  it('answers 429 in the documented shape', async () => {
    await sandbox.settings({ rateLimits: { Actions: 1 } });
    await list();
    const response = await list();
    expect([response.status, rateLimit(response), await response.json()]).toEqual([
      429,
      ['1', '0', '3600'],
      { Status: 'ERROR', Message: expect.any(String) },
    ]);
  });

  it('leaves other resources alone', async () => {
    await sandbox.settings({ rateLimits: { Actions: 0 } });
    expect((await sandbox.call('GET', await sandbox.submit())).status).toBe(200);
  });

  it('counts the seconds until the hour is over', async () => {
    await list();
    await sandbox.advance(10 * MINUTE_MS);
    expect(rateLimit(await list())).toEqual(['1000', '998', '3000']);
  });

  it('names the end of the hour as the example does when set so', async () => {
    await sandbox.settings({ rateLimitReset: 'epoch' });
    expect(rateLimit(await list())[2]).toBe(String(Date.parse('2026-11-23T13:00:00Z') / 1000));
  });

  it('starts again after an hour', async () => {
    await sandbox.settings({ rateLimits: { Actions: 1 } });
    await list();
    await sandbox.advance(HOUR_MS);
    expect((await list()).status).toBe(200);
  });

  it('keeps out what it refuses', async () => {
    await sandbox.settings({ rateLimits: { Conversions: 0 } });
    await sandbox.call('POST', `${account}/Conversions`, sale());
    expect(await (await sandbox.control('GET', '/conversions')).json()).toEqual({ conversions: [] });
  });

  it('is lifted', async () => {
    await sandbox.settings({ rateLimits: { Actions: null } });
    expect(rateLimit(await list())).toEqual([null, null, null]);
  });

  it('is taken from the start', async () => {
    const limited = await startTestSandbox({ rateLimits: { APISubmissions: 5 } });
    const response = await limited.call('GET', `${account}/APISubmissions/A-1`);
    await limited.stop();
    expect(rateLimit(response)).toEqual(['5', '4', '3600']);
  });
});

describe('a fault of a resource', () => {
  const outage = (scope: object = {}) =>
    sandbox.control('POST', '/faults', { kind: 'status', status: 503, ...scope });

  it('leaves submissions and actions alone when it names no resource', async () => {
    const uri = await sandbox.submit();
    await outage();
    expect([(await sandbox.call('GET', uri)).status, (await list()).status]).toEqual([200, 200]);
  });

  it('hits the resource it names', async () => {
    await outage({ resource: 'Actions' });
    expect((await list()).status).toBe(503);
  });

  it('leaves other resources alone', async () => {
    await outage({ resource: 'APISubmissions' });
    expect((await sandbox.call('POST', `${account}/Conversions`, sale())).status).toBe(200);
  });

  it('hits the submission of the order it names', async () => {
    await outage({ resource: 'APISubmissions', orderId: 'A-1' });
    const other = await sandbox.submit();
    const uri = await sandbox.submit(sale({ OrderId: 'A-1' }));
    expect([(await sandbox.call('GET', other)).status, (await sandbox.call('GET', uri)).status]).toEqual([
      200, 503,
    ]);
  });

  it('loses the answer to a reversal that went through', async () => {
    await sandbox.submit(sale({ OrderId: 'A-1' }));
    await sandbox.control('POST', '/faults', { kind: 'reset', resource: 'Actions', orderId: 'A-1' });
    const fields = { ActionTrackerId: '99999', OrderId: 'A-1', DispositionCode: 'REJECTED' };
    await sandbox.call('DELETE', `${account}/Actions`, fields).catch(() => undefined);
    const { Actions } = await sandbox.get<{ Actions: { State: string }[] }>(
      `${account}/Actions?CampaignId=48046`,
    );
    expect(Actions[0]?.State).toBe('REVERSED');
  });

  it('is refused with an unknown resource', async () => {
    expect((await outage({ resource: 'Clicks' })).status).toBe(400);
  });
});
