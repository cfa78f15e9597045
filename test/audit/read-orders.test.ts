import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../src/audit/audit-entry.model.js';
import { groupByOrder } from '../../src/audit/read-orders.js';

function entry(actionTrackerId: number, orderId: string, side: Partial<AuditEntry>): AuditEntry {
  const _id = `${actionTrackerId}/${orderId}/${JSON.stringify(side)}`;
  return { _id, auditId: 'audit', actionTrackerId, orderId, at: new Date(0), ...side };
}

const conversion = (conversionId: string) => ({ ledger: { conversionId, status: 'confirmed' as const } });
const action = (actionId: string) => ({ action: { actionId, state: 'PENDING' } });

async function* inOrder(...entries: AuditEntry[]) {
  yield* entries;
}

describe('orders on both sides', () => {
  it('bring together what belongs to one order', async () => {
    const entries = inOrder(
      entry(1, 'a', action('1')),
      entry(1, 'a', conversion('c-a')),
      entry(1, 'a', action('2')),
      entry(1, 'b', conversion('c-b')),
    );
    expect(await collect(groupByOrder(entries))).toMatchObject([
      {
        orderId: 'a',
        ledger: { conversionId: 'c-a', inWindow: true },
        actions: [{ actionId: '1' }, { actionId: '2' }],
      },
      { orderId: 'b', ledger: { conversionId: 'c-b' }, actions: [] },
    ]);
  });

  it('are two where two event types share an order id', async () => {
    const entries = inOrder(entry(1, 'a', action('1')), entry(2, 'a', action('2')));
    expect(await collect(groupByOrder(entries))).toMatchObject([
      { actionTrackerId: 1, actions: [{ actionId: '1' }] },
      { actionTrackerId: 2, actions: [{ actionId: '2' }] },
    ]);
  });

  it('are none where nothing was staged', async () => {
    expect(await collect(groupByOrder(inOrder()))).toEqual([]);
  });
});

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
