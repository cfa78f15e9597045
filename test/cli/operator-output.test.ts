import { describe, expect, it } from 'vitest';
import { explanationJson, explanationText } from '../../src/cli/explain.js';
import { listText } from '../../src/cli/list.js';
import { formatResult, jsonText } from '../../src/cli/output.js';
import { statusText } from '../../src/cli/status.js';
import type { Conversion } from '../../src/domain/conversion.js';

const AT = new Date('2026-11-23T12:00:00Z');
const CLEAR_SCREEN = '\u001b[2J';

const conversion: Conversion = {
  _id: 'sale_subscription:A-1',
  campaignEventId: 'sale_subscription',
  userId: 'u1',
  occurredAt: AT,
  payload: {},
  attribution: { provider: 'impact', clickId: 'click', capturedAt: AT },
  status: 'parked',
  reason: 'impact_refused',
  submission: { state: 'sending', orderId: 'A-1', attempts: 1, sentAt: AT },
  timeline: [
    { at: AT, status: 'pending' },
    { at: AT, status: 'parked', reason: 'impact_refused', detail: `ClickId: Unknown${CLEAR_SCREEN}` },
  ],
  createdAt: AT,
  updatedAt: AT,
};
const explanation = { code: 'impact_refused', meaning: 'Impact refused it.', action: 'Fix that.' };

describe('an explanation', () => {
  it('has the state, the reason, what to do next, and where else to look', () => {
    const text = explanationText(conversion, explanation);
    expect(text).toMatch(/^conversion +sale_subscription:A-1$/m);
    expect(text).toMatch(/^status +parked \(impact_refused\)$/m);
    expect(text).toMatch(/^why +Impact refused it\.$/m);
    expect(text).toMatch(/^what next +Fix that\.$/m);
    expect(text).toMatch(/^workflow +conversion\/sale_subscription\/A-1$/m);
    expect(text).toMatch(/^order +A-1$/m);
    expect(text).toMatch(/2026-11-23T12:00:00\.000Z +parked +impact_refused +ClickId: Unknown/);
  });

  it('leaves out facts that do not exist', () => {
    const { submission: _none, ...unsent } = { ...conversion, attribution: null };
    const text = explanationText(unsent, { code: 'confirmed', meaning: 'Done.' });
    expect(text).not.toMatch(/^(order|click|what next)/m);
  });

  it('lists a refund', () => {
    const refund = {
      id: 'c1',
      kind: 'reversal',
      reason: 'ITEM_RETURNED',
      status: 'parked',
      parkReason: 'action_locked',
      requestedAt: AT,
      requestedBy: 'shop',
    } as const;
    const text = explanationText({ ...conversion, adjustments: [refund] }, explanation);
    expect(text).toMatch(/2026-11-23T12:00:00\.000Z +reversal +shop +parked +action_locked$/m);
    expect(explanationText(conversion, explanation)).not.toContain('reversal');
  });

  it('prints no control characters, as Impact and shops write into it', () => {
    expect(explanationText(conversion, explanation)).not.toContain('\u001b');
  });

  it('is one object for scripts', () => {
    expect(JSON.parse(explanationJson(conversion, explanation))).toMatchObject({
      conversionId: 'sale_subscription:A-1',
      workflowId: 'conversion/sale_subscription/A-1',
      explanation: { code: 'impact_refused', text: 'Impact refused it.', next: 'Fix that.' },
      status: 'parked',
    });
  });
});

describe('a list', () => {
  const { _id: conversionId, timeline: _steps, payload: _payload, submission: _sent, ...rest } = conversion;
  const summary = { ...rest, conversionId, orderId: `A-1${CLEAR_SCREEN}` };

  it('has a line for each conversion, and the cursor of the next page', () => {
    const text = listText({ conversions: [summary], nextCursor: 'abc' });
    expect(text).toMatch(
      /^sale_subscription:A-1 +parked +impact_refused +u1 +2026-11-23T12:00:00\.000Z +A-1/m,
    );
    expect(text).toMatch(/There are more: --cursor abc$/);
    expect(text).not.toContain('\u001b');
  });

  it('shows a parked refund', () => {
    const { reason: _none, ...confirmed } = { ...summary, status: 'confirmed' as const };
    const parkedAdjustment = { id: 'c1', kind: 'reversal' as const, parkReason: 'action_locked' };
    expect(listText({ conversions: [{ ...confirmed, parkedAdjustment }] })).toContain(
      'confirmed  reversal parked: action_locked',
    );
  });

  it('may be empty', () => {
    expect(listText({ conversions: [] })).toBe('No such conversions.');
  });
});

describe('the status', () => {
  const setting = { requestsPerSecond: 0, setBy: 'operator' as const, paused: true, backlog: 3, workers: 1 };

  it('prints no control characters of the operator who paused it', () => {
    const change = { by: `kim${CLEAR_SCREEN}`, at: AT, reason: 'x' };
    const queues = [{ taskQueue: 'impact', ...setting, change }];
    expect(statusText({ queues, parked: 0, parkedByReason: [] })).toMatch(
      /^impact: PAUSED, set by kim\\u001b\[2J at .*about 3 waiting\n\nNothing is parked\.$/,
    );
  });

  it('counts parked conversions by reason', () => {
    const parkedByReason = [{ reason: 'impact_refused', count: 7 }];
    expect(statusText({ queues: [], parked: 9, parkedByReason })).toMatch(
      /9 parked:\nREASON +COUNT\nimpact_refused +7$/,
    );
  });
});

describe('the result of an operation', () => {
  it('is printed with the command to look at next', () => {
    const done = { conversionId: 'signup:1', workflowId: 'conversion/signup/1', status: 'parked' } as const;
    expect(formatResult('Retried', done)).toMatch(
      /^Retried signup:1: its workflow was signalled.*\nworkflow +conversion\/signup\/1\n.*explain 'signup:1'$/,
    );
  });
});

describe('a result for scripts', () => {
  it('has the characters of others, and none that moves the cursor or reverses the text', () => {
    const result = { detail: 'a\u001b\u009b\u202eb\u200bc\u{e0041}\n"é😀' };
    const text = jsonText(result);
    expect(text).toBe('{\n  "detail": "a\\u001b\\u009b\\u202eb\\u200bc\\udb40\\udc41\\n\\"é😀"\n}');
    expect(JSON.parse(text)).toEqual(result);
  });
});
