import { describe, expect, it } from 'vitest';
import { explanationJson, explanationText, nextLine } from '../../src/cli/explain.js';
import { listText } from '../../src/cli/list.js';
import { formatResult, jsonText } from '../../src/cli/output.js';
import { parkedText, queuesText } from '../../src/cli/status.js';
import type { Conversion } from '../../src/domain/conversion.js';
import { referralWindow } from '../../src/domain/referral-window.js';

const AT = new Date('2026-11-23T12:00:00Z');
const FORMAT = { now: new Date('2026-11-23T15:30:00Z') };
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
const explanation = {
  code: 'impact_refused',
  meaning: 'Impact refused it.',
  action: 'Fix that.',
  retry: 'after_fix',
  outcome: 'It has not reached Impact yet.',
} as const;

describe('an explanation', () => {
  it('has the state, the reason, what to do next, and where else to look', () => {
    const text = explanationText(conversion, explanation, FORMAT);
    expect(text).toMatch(/^conversion +sale_subscription:A-1$/m);
    expect(text).toMatch(/^status +parked \(impact_refused\)$/m);
    expect(text).toMatch(/^why +Impact refused it\.$/m);
    expect(text).toMatch(/^what next +Fix that\.$/m);
    expect(text).toMatch(/^workflow +conversion\/sale_subscription\/A-1$/m);
    expect(text).toMatch(/^order +A-1$/m);
    expect(text).toMatch(/2026-11-23T12:00:00\.000Z +parked +impact_refused +ClickId: Unknown/);
  });

  it('has the age of what it shows, next to the exact time', () => {
    const text = explanationText(conversion, explanation, FORMAT);
    expect(text).toMatch(/^since +2026-11-23T12:00:00\.000Z, 3 h ago$/m);
    expect(text).toMatch(/^occurred +2026-11-23T12:00:00\.000Z, 3 h ago$/m);
  });

  it.each([
    ['parked', 'yes', 'To retry it: retry sale_subscription:A-1'],
    ['parked', 'after_fix', 'Once the cause is fixed: retry sale_subscription:A-1'],
    ['parked', 'no', undefined],
    ['abandoned', 'yes', 'To report it after all: retry sale_subscription:A-1 --restart'],
    ['skipped', 'after_fix', 'To report it after all: retry sale_subscription:A-1 --restart'],
    ['declined', 'no', undefined],
    ['confirmed', 'none', undefined],
  ] as const)('ends with the next command, where a retry helps: %s, %s', (status, retry, expected) => {
    const command = (...args: string[]) => args.join(' ');
    expect(nextLine({ ...conversion, status }, { ...explanation, retry }, command)).toBe(expected);
  });

  it.each([
    [
      30,
      'inside: it closes 30 days after the click, at 2026-12-23T12:00:00.000Z, and the event came 28 days before that',
    ],
    [
      1,
      'outside: it closes 1 day after the click, at 2026-11-24T12:00:00.000Z, and the event came 1 day after that',
    ],
    [null, "none here: Impact's contract decides"],
  ])('has the arithmetic of the referral window: %s', (days, expected) => {
    const window = referralWindow(AT, new Date('2026-11-25T12:00:00Z'), days);
    const text = explanationText(conversion, explanation, { ...FORMAT, window });
    expect(text).toContain(`\nwindow      ${expected}`);
  });

  it('leaves out facts that do not exist', () => {
    const { submission: _none, ...unsent } = { ...conversion, attribution: null };
    const text = explanationText(unsent, { ...explanation, action: undefined }, FORMAT);
    expect(text).not.toMatch(/^(order|click|window|what next)/m);
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
    const text = explanationText({ ...conversion, adjustments: [refund] }, explanation, FORMAT);
    expect(text).toMatch(/2026-11-23T12:00:00\.000Z +reversal +shop +parked +action_locked$/m);
    expect(explanationText(conversion, explanation, FORMAT)).not.toContain('reversal');
  });

  it('prints no control characters, as Impact and shops write into it', () => {
    expect(explanationText(conversion, explanation, FORMAT)).not.toContain('\u001b');
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
  const summary = { ...rest, conversionId, orderId: `A-1${CLEAR_SCREEN}`, outcome: 'It waits.' };

  it('has a line for each conversion, with the age of its status', () => {
    const text = listText({ conversions: [summary] }, FORMAT);
    expect(text).toMatch(
      /^sale_subscription:A-1 +parked +impact_refused +3 h ago +u1 +2026-11-23T12:00:00\.000Z +A-1/m,
    );
    expect(text).not.toContain('\u001b');
  });

  it('has colours if the terminal shows them, and the same columns', () => {
    const style = (format: unknown, text: string) => `<${format}>${text}</>`;
    const text = listText({ conversions: [summary] }, { ...FORMAT, style });
    expect(text).toContain('sale_subscription:A-1  <yellow>parked</>  impact_refused');
    expect(text.replaceAll(/<[^>]*>/g, '')).toBe(listText({ conversions: [summary] }, FORMAT));
  });

  it('shows a parked refund', () => {
    const { reason: _none, ...confirmed } = { ...summary, status: 'confirmed' as const };
    const parkedAdjustment = { id: 'c1', kind: 'reversal' as const, parkReason: 'action_locked' };
    expect(listText({ conversions: [{ ...confirmed, parkedAdjustment }] }, FORMAT)).toContain(
      'confirmed  reversal parked: action_locked',
    );
  });

  it('may be empty', () => {
    expect(listText({ conversions: [] }, FORMAT)).toBe('No such conversions.');
  });
});

describe('the status', () => {
  const setting = { requestsPerSecond: 0, setBy: 'operator' as const, paused: true, backlog: 3, workers: 1 };

  it('prints no control characters of the operator who paused it', () => {
    const change = { by: `kim${CLEAR_SCREEN}`, at: AT, reason: 'x' };
    const queues = [{ taskQueue: 'impact', ...setting, change }];
    expect(queuesText({ queues, parkedWorkflows: 0 })).toMatch(
      /^impact: PAUSED, set by kim\\u001b\[2J at .*about 3 waiting$/,
    );
  });

  it('counts parked conversions by reason, and ends with the command that lists them', () => {
    const parkedByReason = [{ reason: 'impact_refused', count: 7 }];
    expect(parkedText({ parked: 7, parkedByReason }, 'list --status parked')).toBe(
      '7 parked:\nREASON          COUNT\nimpact_refused  7\n\nTo list them: list --status parked',
    );
    expect(parkedText({ parked: 0, parkedByReason: [] }, 'list')).toBe('Nothing is parked.');
  });

  it('reports that Temporal does not list all that the ledger has as parked', () => {
    const ledger = { parked: 7, parkedByReason: [] };
    expect(queuesText({ queues: [], parkedWorkflows: 5 }, ledger)).toMatch(/^Temporal lists 5 of them/);
    expect(queuesText({ queues: [], parkedWorkflows: 7 }, ledger)).toBe('');
  });
});

describe('the result of an operation', () => {
  it('is printed with the command to look at next', () => {
    const done = { conversionId: 'signup:1', workflowId: 'conversion/signup/1', status: 'parked' } as const;
    expect(formatResult('Retried', done, 'conversions explain signup:1')).toMatch(
      /^Retried signup:1: its workflow was signalled.*\nworkflow +conversion\/signup\/1\n.*: conversions explain signup:1$/,
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
