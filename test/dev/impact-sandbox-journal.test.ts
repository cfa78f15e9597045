import { appendFileSync, truncateSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readJournal } from '../../dev/impact-sandbox/index.js';
import { sale, useJournal } from './impact-sandbox-support.js';

const { current, restart } = useJournal();

const ORDER = { ActionTrackerId: '99999', OrderId: 'A-1' };
const COMPLETE = { Status: 'Complete', ErrorType: '', ErrorReason: '' };
const submit = () => current.sandbox.submission('POST', 'Conversions', sale({ OrderId: 'A-1' }));
const reverse = () =>
  current.sandbox.submission('DELETE', 'Actions', { ...ORDER, DispositionCode: 'ITEM_RETURNED' });

describe('the journal', () => {
  it('has a line for each change, with the Action as it is after the change', async () => {
    const at = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const batchId = expect.stringMatching(/^A-/);
    const fields = sale({ OrderId: 'A-1' });
    await current.sandbox.plan({ orderId: 'A-1', type: 'Reversal', errorReason: 'OTHER_REASON' });
    await submit();
    await reverse();
    await current.sandbox.control('DELETE', '/outcomes');
    const action = {
      id: '48046.4636.158133',
      orderId: 'A-1',
      campaignId: 48_046,
      actionTrackerId: 99_999,
      mediaPartnerId: 10_000,
      state: 'PENDING',
      amount: 50,
      currency: 'USD',
      eventDate: Date.parse(fields.EventDate),
      lockingDate: expect.any(Number),
    };
    expect(readJournal(current.journal)).toEqual([
      { at, settings: expect.objectContaining({ deduplication: 'on', processingMs: 0 }) },
      { at, outcome: { orderId: 'A-1', type: 'Reversal', errorReason: 'OTHER_REASON' } },
      { at, taken: { batchId, type: 'Conversion', orderId: 'A-1', fields } },
      { at, completed: { batchId, action } },
      {
        at,
        taken: expect.objectContaining({
          type: 'Reversal',
          fields: { ...ORDER, DispositionCode: 'ITEM_RETURNED' },
        }),
      },
      { at, completed: { batchId, errorType: 'Contract Error', errorReason: 'OTHER_REASON' } },
      { at, cleared: null },
    ]);
  });

  it('has a conversion whose answer was lost, and none that was refused', async () => {
    await current.sandbox.fault({ kind: 'reset' });
    await expect(current.sandbox.post(sale({ OrderId: 'A-1' }))).rejects.toThrow('fetch failed');
    await current.sandbox.post({});
    expect(readJournal(current.journal).slice(1)).toMatchObject([{ taken: { orderId: 'A-1' } }]);
  });

  it('loses a torn last line alone, and continues on a line of its own', async () => {
    await submit();
    await current.sandbox.queue({ OrderId: 'Ä-2' });
    const whole = readJournal(current.journal);
    // Between the two bytes of the Ä.
    truncateSync(current.journal, (await readFile(current.journal)).lastIndexOf('Ä') + 1);
    expect(readJournal(current.journal)).toEqual(whole.slice(0, -1));
    await restart();
    expect(await current.sandbox.actions('A-1')).toHaveLength(1);
    expect(await current.sandbox.conversions('Ä-2')).toEqual([]);
    await current.sandbox.queue({ OrderId: 'A-3' });
    expect(readJournal(current.journal)).toEqual([
      ...whole.slice(0, -1),
      expect.objectContaining({ taken: expect.objectContaining({ orderId: 'A-3' }) }),
    ]);
  });

  it('cannot be read if a line before the last one is broken', async () => {
    appendFileSync(current.journal, '{"at"\n');
    await current.sandbox.queue({ OrderId: 'A-1' });
    expect(() => readJournal(current.journal)).toThrow(SyntaxError);
  });
});

describe('processingMs', () => {
  const MINUTE_MS = 60_000;
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-11-24T12:00:00Z') }));
  afterEach(() => void vi.useRealTimers());

  it('holds an Action back until its submission is that old, also after a restart', async () => {
    await current.sandbox.settings({ processingMs: MINUTE_MS });
    const uri = await current.sandbox.queue({ OrderId: 'A-1' });
    await restart();
    vi.setSystemTime(Date.now() + MINUTE_MS - 1);
    expect([await current.sandbox.get(uri), await current.sandbox.actions('A-1')]).toMatchObject([
      { Status: 'Queued' },
      [],
    ]);
    vi.setSystemTime(Date.now() + 1);
    expect([await current.sandbox.get(uri), await current.sandbox.actions('A-1')]).toMatchObject([
      COMPLETE,
      [{ State: 'PENDING' }],
    ]);
  });

  it('leaves submissions in the order of their arrival', async () => {
    await current.sandbox.settings({ processingMs: MINUTE_MS });
    await current.sandbox.queue({ OrderId: 'A-1' });
    await reverse();
    await current.sandbox.queue({ OrderId: 'A-1' });
    await current.sandbox.settings({ processingMs: 0 });
    expect(await current.sandbox.actions('A-1')).toMatchObject([{ State: 'REVERSED' }]);
    const completed = readJournal(current.journal).flatMap((line) =>
      'completed' in line ? [line.completed] : [],
    );
    const reasons = completed.map(({ errorReason }) => errorReason);
    expect(reasons).toEqual([undefined, undefined, 'CONV_DUPLICATE']);
  });

  it('is nothing by default, whatever the clock does', async () => {
    const uri = await current.sandbox.queue({ OrderId: 'A-1' });
    vi.setSystemTime(Date.now() - MINUTE_MS);
    expect(await current.sandbox.get(uri)).toMatchObject(COMPLETE);
  });

  it('does not move the date of a conversion that happened when it was sent', async () => {
    await current.sandbox.settings({ processingMs: MINUTE_MS });
    await current.sandbox.post(sale({ OrderId: 'A-1', EventDate: 'NOW' }));
    vi.setSystemTime(Date.now() + 2 * MINUTE_MS);
    expect(await current.sandbox.actions('A-1')).toMatchObject([{ EventDate: '2026-11-24T05:00:00-07:00' }]);
  });
});
