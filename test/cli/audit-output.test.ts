import { describe, expect, it } from 'vitest';
import { auditTable, findingsCsv } from '../../src/cli/audit-output.js';
import type { AuditSummary, Finding } from '../../src/domain/audit.js';

const finding: Finding = {
  kind: 'twice',
  orderId: 'A-1',
  actionTrackerId: 99_999,
  conversionId: 'sale_subscription:A-1',
  status: 'confirmed',
  actionIds: ['1', '2'],
  detail: '2 Actions for one order: Impact pays each of them.',
};

function summary(twice: number): AuditSummary {
  return {
    auditId: 'audit',
    from: '2026-11-01T00:00:00.000Z',
    to: '2026-11-23T00:00:00.000Z',
    counts: {
      confirmed: 7,
      locked: 2,
      amountNotCompared: 0,
      inProgress: 0,
      reversed: 0,
      notReported: 0,
      otherEventTypes: 0,
    },
    findingsByKind: {
      missing_at_impact: 0,
      unknown_to_us: 0,
      twice,
      amount_differs: 0,
      state_changed: 0,
      not_reversed: 0,
      reattributed: 0,
      possible_duplicate: 0,
    },
  };
}

describe('the CSV of an audit', () => {
  it('has a line for each finding', () => {
    expect(findingsCsv([finding])).toBe(
      'kind,order_id,action_tracker_id,conversion_id,status,action_ids,detail\r\n' +
        'twice,A-1,99999,sale_subscription:A-1,confirmed,1 2,2 Actions for one order: Impact pays each of them.\r\n',
    );
  });

  it('has no formulas, whatever an order id begins with', () => {
    expect(findingsCsv([{ ...finding, orderId: '=HYPERLINK("x")' }])).toContain(`"'=HYPERLINK(""x"")"`);
  });
});

describe('the table of an audit', () => {
  it('counts what agrees, and reports that there are no differences', () => {
    const table = auditTable(summary(0), []);
    expect(table).toMatch(/confirmed on both sides +7\n/);
    expect(table).toMatch(/No differences\.$/);
  });

  it('has a row for each finding', () => {
    expect(auditTable(summary(1), [finding])).toMatch(/twice +A-1 +99999 +confirmed +1 2 +2 Actions/);
  });

  it('shows possible duplicates, which are no differences', () => {
    const { findingsByKind, ...rest } = summary(0);
    const detail = 'Within an hour after order A-0, of the same user and with the same amount.';
    const duplicate: Finding = { ...finding, kind: 'possible_duplicate', actionIds: [], detail };
    const table = auditTable({ ...rest, findingsByKind: { ...findingsByKind, possible_duplicate: 1 } }, [
      duplicate,
    ]);
    expect(table).toMatch(/possible_duplicate +1\n\nNo differences\.\n/);
    expect(table).toMatch(/possible_duplicate +A-1 .* after order A-0/);
  });

  it('says how many more findings there are than it shows', () => {
    expect(auditTable(summary(60), Array(60).fill(finding))).toMatch(/… and 10 more: --csv FILE has them\.$/);
  });

  it('prints no control characters', () => {
    expect(auditTable(summary(1), [{ ...finding, orderId: 'a\u001b[2J' }])).toContain('a\\u001b[2J');
  });
});
