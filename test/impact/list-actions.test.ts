import { describe, expect, it } from 'vitest';
import { createImpactClient } from '../../src/impact/client.js';
import type { ActionsWindow } from '../../src/impact/list-actions.js';
import { splitWindow } from '../../src/impact/list-actions.js';
import { startTestSandbox } from '../dev/impact-sandbox-support.js';
import { clientOf, serverThat } from './support.js';

const WINDOW: ActionsWindow = {
  campaignId: 48_046,
  from: new Date('2026-11-01T00:00:00Z'),
  to: new Date('2026-11-23T00:00:00Z'),
};
const DAY_MS = 86_400_000;

/** A server that answers these pages by number and records its requests. */
async function serverWith(pages: string[]) {
  const asked: URLSearchParams[] = [];
  const url = await serverThat((request, response) => {
    const query = new URL(request.url ?? '', 'http://localhost').searchParams;
    asked.push(query);
    const page = Number(query.get('Page') ?? 1);
    query.set('Page', String(page + 1));
    response.end(
      JSON.stringify({
        Actions: [{ Id: page, ActionTrackerId: '99999', Oid: pages[page - 1], State: 'PENDING' }],
        '@nextpageuri': page < pages.length ? `/Advertisers/IRtest/Actions?${query}` : '',
      }),
    );
  });
  return { url, asked };
}

async function orderIds(url: string, window = WINDOW): Promise<string[]> {
  const ids: string[] = [];
  for await (const { orderId } of clientOf(url).listActions(window)) ids.push(orderId);
  return ids;
}

describe("Impact's Actions", () => {
  it('are read page by page, by following the links', async () => {
    const { url, asked } = await serverWith(['a', 'b', 'c']);
    expect(await orderIds(url)).toEqual(['a', 'b', 'c']);
    expect(Object.fromEntries(asked[2] ?? [])).toMatchObject({
      CampaignId: '48046',
      ActionDateStart: '2026-11-01T00:00:00.000Z',
      ActionDateEnd: '2026-11-23T00:00:00.000Z',
    });
  });

  it('are read only as far as the consumer needs them', async () => {
    const { url, asked } = await serverWith(['a', 'b', 'c']);
    for await (const _ of clientOf(url).listActions(WINDOW)) break;
    expect(asked).toHaveLength(1);
  });

  it('are requested for at most 45 days at once', () => {
    const parts = splitWindow({ from: new Date(0), to: new Date(100 * DAY_MS) });
    expect(parts.map(({ from, to }) => (to.getTime() - from.getTime()) / DAY_MS)).toEqual([
      45,
      45,
      expect.closeTo(10),
    ]);
    expect(parts[1]?.from).toEqual(new Date(45 * DAY_MS + 1));
  });

  it('of the sandbox are read with their state, amount and date', async () => {
    const sandbox = await startTestSandbox();
    try {
      const planted = { Oid: 'A-1', ActionTrackerId: 99_999, Amount: 49, EventDate: '2026-11-02T00:00:00Z' };
      await sandbox.control('POST', '/actions', planted);
      const credentials = { accountSid: 'IRsandboxSid', authToken: 'sandbox-token' };
      const client = createImpactClient({ baseUrl: sandbox.url, credentials, timeoutMs: 2_000 });
      const listed = [];
      for await (const action of client?.listActions(WINDOW) ?? []) listed.push(action);
      expect(listed).toEqual([
        {
          actionId: expect.stringMatching(/^48046\./),
          actionTrackerId: 99_999,
          orderId: 'A-1',
          state: 'PENDING',
          amount: 49,
          currency: 'USD',
          eventDate: new Date('2026-11-02T00:00:00Z'),
        },
      ]);
    } finally {
      await sandbox.stop();
    }
  });

  it.each(['REVERSED', 'Reversed', ' reversed '])('are reversed as %j', async (State) => {
    const action = { Id: '1', ActionTrackerId: 1, Oid: 'a', State, Currency: 'usd' };
    const url = await serverThat((_, response) => response.end(JSON.stringify({ Actions: [action] })));
    const listed = [];
    for await (const found of clientOf(url).listActions(WINDOW)) listed.push(found);
    expect(listed).toMatchObject([{ state: 'REVERSED', currency: 'USD' }]);
  });

  it.each([null, ''])('have no amount, and no date, where Impact has %j', async (empty) => {
    const action = {
      Id: '1',
      ActionTrackerId: 1,
      Oid: 'a',
      State: 'PENDING',
      Amount: empty,
      EventDate: empty,
    };
    const url = await serverThat((_, response) => response.end(JSON.stringify({ Actions: [action] })));
    for await (const found of clientOf(url).listActions(WINDOW)) {
      expect(found).toEqual({ actionId: '1', actionTrackerId: 1, orderId: 'a', state: 'PENDING' });
    }
  });

  it('have short ids, however long Impact makes them', async () => {
    const action = { Id: `1\u202e${'2'.repeat(500)}`, ActionTrackerId: 1, Oid: 'a'.repeat(500) };
    const url = await serverThat((_, response) => response.end(JSON.stringify({ Actions: [action] })));
    for await (const { actionId, orderId } of clientOf(url).listActions(WINDOW)) {
      expect(actionId).toBe(`1\\u202e${'2'.repeat(56)}…`);
      expect(orderId).toBe(`${'a'.repeat(254)}…`);
    }
  });

  it('are read from a page that is longer than any other answer', async () => {
    const actions = Array.from({ length: 2_000 }, (_, index) => ({
      Id: index,
      ActionTrackerId: 1,
      Oid: `order-${index}`,
      Note: 'x'.repeat(1_000),
    }));
    const url = await serverThat((_, response) => response.end(JSON.stringify({ Actions: actions })));
    expect(await orderIds(url)).toHaveLength(2_000);
  });

  it('are listed in halves if Impact refuses the range as too large', async () => {
    const url = await serverThat((request, response) => {
      const query = new URL(request.url ?? '', 'http://localhost').searchParams;
      const [from, to] = ['ActionDateStart', 'ActionDateEnd'].map((name) =>
        Date.parse(query.get(name) ?? ''),
      );
      if (Number(to) - Number(from) > 12 * DAY_MS)
        response.writeHead(400).end('{"Status":"ERROR","Message":"Too many records"}');
      else
        response.end(
          JSON.stringify({ Actions: [{ Id: '1', ActionTrackerId: 1, Oid: query.get('ActionDateStart') }] }),
        );
    });
    expect(await orderIds(url)).toEqual(['2026-11-01T00:00:00.000Z', '2026-11-12T00:00:00.001Z']);
  });

  it('are refused if Impact refuses every part', async () => {
    let asked = 0;
    const url = await serverThat((_, response) => {
      asked += 1;
      response.writeHead(400).end('{"Status":"ERROR","Message":"No such campaign"}');
    });
    await expect(orderIds(url)).rejects.toMatchObject({ code: 'impact_refused' });
    expect(asked).toBeLessThan(15);
  });

  it.each([
    ['no list', '{"Status":"OK"}'],
    ['a link that leads nowhere', '{"Actions":[],"@nextpageuri":"/Advertisers/IRtest/Actions"}'],
    ['an Action without an id', '{"Actions":[{"ActionTrackerId":1,"Oid":"a"}]}'],
  ])('are unreadable with %s', async (_, body) => {
    const url = await serverThat((__, response) => response.end(body));
    await expect(orderIds(url)).rejects.toMatchObject({ code: 'impact_unreadable' });
  });

  it('do not loop if a page links to itself', async () => {
    const url = await serverThat((request, response) =>
      response.end(JSON.stringify({ Actions: [], '@nextpageuri': request.url })),
    );
    await expect(orderIds(url)).rejects.toMatchObject({ code: 'impact_unreadable' });
  });
});
