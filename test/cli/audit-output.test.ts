import { describe, expect, it } from 'vitest';
import { auditTable } from '../../src/cli/audit-output.js';
import type { AuditSummary } from '../../src/domain/audit.js';
import { FINDING_KINDS, type FindingKind } from '../../src/domain/findings.js';

const none = Object.fromEntries(FINDING_KINDS.map((kind) => [kind, 0])) as Record<FindingKind, number>;

function summary(overrides: Partial<AuditSummary> = {}): AuditSummary {
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
    findingsByKind: none,
    openDifferences: 0,
    money: [],
    ...overrides,
  };
}

describe('the table of an audit', () => {
  it('counts what agrees, and reports that there are no open differences', () => {
    const table = auditTable(summary());
    expect(table).toMatch(/confirmed on both sides +7\n/);
    expect(table).toMatch(/No open differences\.$/);
  });

  it('counts what it met by kind, and how many differences are open', () => {
    const table = auditTable(summary({ findingsByKind: { ...none, twice: 3 }, openDifferences: 2 }));
    expect(table).toMatch(/^twice +3$/m);
    expect(table).toMatch(/Open differences: 2$/);
  });

  it('has the money of both sides in a column of each currency, and a line for each kind of difference', () => {
    const table = auditTable(
      summary({
        money: [
          { currency: 'JPY', ledger: 4_900, impact: 4_900, differences: {} },
          { currency: 'USD', ledger: 490_000, impact: 485_100, differences: { not_credited: -4_900 } },
        ],
      }),
    );
    expect(table).toMatch(/^MONEY +JPY +USD$/m);
    expect(table).toMatch(/^in the ledger +4900 +4900\.00$/m);
    expect(table).toMatch(/^at Impact +4900 +4851\.00$/m);
    expect(table).toMatch(/^difference: not_credited +- +-49\.00$/m);
  });
});
