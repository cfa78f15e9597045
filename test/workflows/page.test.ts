import { describe, expect, it } from 'vitest';
import { reasonOf } from '../../src/domain/reasons.js';
import type { Failure } from '../../src/domain/workflow-names.js';
import { parkedDetails, stateDetails } from '../../workflows/page.js';

const FIRST = new Date('2026-11-02T00:00:00.000Z');
const LATER = new Date('2026-11-03T12:00:05.000Z');

const REFUSED: Failure = {
  reason: 'impact_refused',
  message: 'Impact refused the request (HTTP 400): Validation Failed; ClickId: Unknown.',
  lastAttempt: {
    attempt: 3,
    at: LATER.toISOString(),
    httpStatus: 400,
    fields: [{ field: 'ClickId', message: 'Unknown' }],
  },
};

function detailsOf(
  failure: Partial<Failure> = {},
  { timesParked = 1, workflowId = 'conversion/signup/1', namespace = 'default' } = {},
): string {
  const parking = { at: LATER, firstAt: timesParked === 1 ? LATER : FIRST, timesParked };
  return parkedDetails({ ...REFUSED, ...failure }, parking, { workflowId, namespace });
}

describe('the page of a parked conversion', () => {
  it('says in plain words what happened and what to do, and where to read more', () => {
    const details = detailsOf();
    expect(details).toContain('Impact refused it as it stands');
    expect(details).toContain('**What to do**: Fix the field that Impact names');
    expect(details).toContain('`docs/operations.md#impact_refused`');
  });

  it('says what Impact answered: the status, its message, and each field', () => {
    expect(detailsOf()).toContain('(HTTP 400): Validation Failed');
    expect(detailsOf()).toContain('- `ClickId`: Unknown');
  });

  it('says when, and how often', () => {
    const details = detailsOf({}, { timesParked: 2 });
    expect(details).toContain('parked 2026-11-03 12:00:05 UTC, last attempt 2026-11-03 12:00:05 UTC');
    expect(details).toContain('3 attempts, parked 2 times, first 2026-11-02 00:00:00 UTC');
  });

  it('has the signals for the UI and for a terminal', () => {
    const details = detailsOf();
    expect(details).toContain('`retry` tries again now. Data: `{"by": "your name"}`');
    expect(details).toContain(
      `\`temporal workflow signal --workflow-id 'conversion/signup/1' --name retry --input '{"by": "your name"}'\``,
    );
  });

  it('has commands that can be pasted, whatever the order id and the namespace are', () => {
    const details = detailsOf({}, { workflowId: "conversion/sale/it's`1", namespace: 'acme.prod' });
    expect(details).toContain(
      `\`\`temporal workflow signal --workflow-id 'conversion/sale/it'\\''s\`1' --namespace acme.prod --name retry`,
    );
  });

  it('shows what others wrote as text, since the UI would render it', () => {
    const image = '<img src="https://example.com/x.png">';
    const details = detailsOf({
      message: image,
      lastAttempt: { attempt: 1, at: LATER.toISOString(), fields: [{ field: 'A`b', message: image }] },
    });
    expect(details).not.toMatch(/(^|[^\\])<img/);
    expect(details).toContain('- ``A`b``: \\<img');
  });
});

describe('the page of a parked adjustment', () => {
  it('says what the reason means for a refund or a new amount', () => {
    const parking = { adjustmentId: 'reversal-1', at: LATER, firstAt: LATER, timesParked: 1 };
    const target = { workflowId: 'conversion/signup/1', namespace: 'default' };
    const details = parkedDetails({ ...REFUSED, reason: 'locked' }, parking, target);
    const { meaning, action } = reasonOf('locked', 'adjustment');
    expect(details).toContain(meaning);
    expect(details).toContain(`**What to do**: ${action}`);
  });
});

describe('an answer of many words', () => {
  it('is cut, since the UI puts the page into an address', () => {
    const words = 'x'.repeat(100_000);
    const fields = Array.from({ length: 25 }, (_, index) => ({ field: `Field${index}`, message: words }));
    const details = detailsOf({
      message: words,
      lastAttempt: { attempt: 1, at: LATER.toISOString(), fields },
    });
    expect(details).toContain("- and 15 more, in the history's last failure");
    expect(encodeURIComponent(details).length).toBeLessThan(8_000);
  });
});

it('the page of a conversion shows what an operator wrote as text, too', () => {
  const details = stateDetails({
    status: 'abandoned',
    detail: 'Abandoned by <b>kim</b>.',
  });
  expect(details).toBe('**abandoned**\n\nAbandoned by \\<b\\>kim\\</b\\>.');
});
