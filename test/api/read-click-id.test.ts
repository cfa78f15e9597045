import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../support/stack.js';
import { expectNoAttribution, sendRaw } from './support.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ worker: false });
});
afterAll(() => stack.stop());

/** First request of a new user, with header lines sent byte for byte. */
async function firstPage(...headers: (string | Buffer)[]) {
  const clerkId = `user_${randomUUID()}`;
  const token = await stack.api.tokens.session(clerkId);
  const answer = await sendRaw(stack.apiUrl, [
    'GET /v1/me HTTP/1.1',
    `Authorization: Bearer ${token}`,
    ...headers,
  ]);
  return { clerkId, ...answer };
}

const header = (...bytes: (string | number)[]) =>
  Buffer.concat([
    Buffer.from('X-Affiliate-Click-Id: '),
    ...bytes.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from([part]))),
  ]);

/** Reads the metrics from the internal port, as Prometheus does. */
async function ignored(reason: string): Promise<number> {
  const metrics = await stack.metrics.registry.metrics();
  const line = new RegExp(`^affiliate_click_ids_ignored_total\\{reason="${reason}"\\} (\\d+)$`, 'm');
  return Number(metrics.match(line)?.[1] ?? 0);
}

describe('a click id header', () => {
  it.each([
    ['empty', 'empty', [header('')]],
    ['only spaces', 'empty', [header('   ')]],
    ['65 characters long', 'malformed', [header('x'.repeat(65))]],
    ['with a space inside', 'malformed', [header('a b')]],
    ['with a semicolon', 'malformed', [header('a;b')]],
    ['in quotes', 'malformed', [header('"a"')]],
    ['an unreplaced macro', 'malformed', [header('{clickid}')]],
    ['with a backslash', 'malformed', [header('a\\b')]],
    ['with a tab inside, the only control character that HTTP allows', 'malformed', [header('a\tb')]],
    ['not in ASCII, as UTF-8', 'malformed', [header(0x63, 0xc3, 0xaf)]],
    ['not in ASCII, as Latin-1', 'malformed', [header('a', 0xe9)]],
    ['not valid UTF-8', 'malformed', [header(0xff, 0xfe)]],
    ['repeated', 'repeated', [header('first'), header('second')]],
    ['repeated with one value', 'repeated', [header('same'), header('same')]],
    ['repeated, and joined by a proxy', 'repeated', [header('abc, abc')]],
    ['repeated, and joined by a proxy without a space', 'repeated', [header('first,second')]],
  ] as const)(
    'that is %s is ignored: the request succeeds, nothing is stored, %s is counted',
    async (_what, reason, headers) => {
      const before = await ignored(reason);
      const { status, clerkId } = await firstPage(...headers);
      expect(status).toBe(200);
      await expectNoAttribution(stack, clerkId);
      expect(await ignored(reason)).toBe(before + 1);
    },
  );

  it('that is missing is not counted', async () => {
    const count = async () =>
      (await ignored('empty')) + (await ignored('malformed')) + (await ignored('repeated'));
    const before = await count();
    const { status, clerkId } = await firstPage();
    expect(status).toBe(200);
    await expectNoAttribution(stack, clerkId);
    expect(await count()).toBe(before);
  });

  it('of a known user is counted as not stored, unless it is the click of the user', async () => {
    const clerkId = `user_${randomUUID()}`;
    const counts: number[] = [];
    const visit = async (clickId: string) => {
      const before = await ignored('not_stored');
      await stack.api.me(clerkId, clickId);
      counts.push((await ignored('not_stored')) - before);
    };
    await visit('first');
    await visit('first');
    await visit('second');
    await stack.api.setAttribution(clerkId, { clickId: 'second' });
    await visit('second');
    expect(counts).toEqual([0, 0, 1, 0]);
  });

  it('is not counted as not stored where a late first click is stored', async () => {
    const clerkId = `user_${randomUUID()}`;
    await stack.api.me(clerkId);
    const before = await ignored('not_stored');
    await stack.api.me(clerkId, 'late');
    expect(await ignored('not_stored')).toBe(before);
  });

  it.each([
    ['64 characters', 'x'.repeat(64)],
    ['a colon', '3t6RuJ:x0-AbC_'],
    ['a percent sign', '%3A%zz%'],
    ['all characters, first half', "!#$%&'()*+-./0123456789:<=>?@ABCDEFGHIJKLMNO"],
    ['all characters, second half', 'PQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~'],
  ])('of %s is stored byte for byte', async (_what, clickId) => {
    const { clerkId, body } = await firstPage(header(clickId));
    expect(JSON.parse(body).attribution.impact.clickId).toBe(clickId);
    const user = await stack.db.users.findOne({ clerkId }).lean();
    expect(user?.attribution?.impact?.clickId).toBe(clickId);
    expect((await stack.conversion(`signup:${user?._id}`))?.attribution?.clickId).toBe(clickId);
  });

  it('is read in any case of its name', async () => {
    const { body } = await firstPage('x-affiliate-CLICK-id: abc');
    expect(JSON.parse(body).attribution.impact.clickId).toBe('abc');
  });

  it.each([
    ['NUL', 0x00],
    ['SOH', 0x01],
    ['LF', 0x0a],
    ['VT', 0x0b],
    ['ESC', 0x1b],
    ['DEL', 0x7f],
  ])(
    'with the control character %s is refused by the HTTP parser, and the server keeps serving',
    async (_name, byte) => {
      const { status, clerkId, head } = await firstPage(header('a', byte, 'b'));
      expect(status).toBe(400);
      expect(head).toMatch(/^HTTP\/1\.1 400 Bad Request/);
      expect(await stack.db.users.countDocuments({ clerkId })).toBe(0);
      expect((await stack.api.me(`user_${randomUUID()}`)).status).toBe(200);
    },
  );
});
