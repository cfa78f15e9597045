import { type FindingKind, findingId, type KeptFinding } from '../../src/domain/findings.js';

const SALE_TRACKER = 99_999;

/** A finding of an order, as an audit keeps it. */
export function keptFinding(
  kind: FindingKind,
  orderId: string,
  overrides: Partial<KeptFinding> = {},
): KeptFinding {
  const at = new Date('2026-11-23T00:00:00Z');
  return {
    _id: findingId(kind, SALE_TRACKER, orderId),
    kind,
    orderId,
    actionTrackerId: SALE_TRACKER,
    conversionId: `sale_subscription:${orderId}`,
    status: 'confirmed',
    actionIds: ['1'],
    detail: '49.00 USD here, 48.00 USD at Impact.',
    happenedAt: new Date('2026-11-02T00:00:00Z'),
    amounts: {
      ledger: { minorUnits: 4_900, currency: 'USD' },
      impact: { minorUnits: 4_800, currency: 'USD' },
      difference: { minorUnits: -100, currency: 'USD' },
    },
    state: 'open',
    firstSeenAt: at,
    lastSeenAt: at,
    lastAuditId: 'audit',
    acknowledgements: [],
    ...overrides,
  };
}
