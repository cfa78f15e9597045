import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FINDINGS } from '../../../src/domain/findings.js';
import { keptFinding } from '../../support/kept-finding.js';
import { type Stack, startStack } from '../../support/stack.js';
import { expectProblem, namedFields } from '../support.js';

let stack: Stack;

const day = (date: number) => new Date(Date.UTC(2026, 10, date));

beforeAll(async () => {
  stack = await startStack({ worker: false });
  await stack.db.findings.insertMany([
    keptFinding('amount_differs', 'A/1', { firstSeenAt: day(1) }),
    keptFinding('not_credited', 'A-2', { firstSeenAt: day(2), amounts: {} }),
    keptFinding('twice', 'A-3', { firstSeenAt: day(3), state: 'acknowledged' }),
    keptFinding('twice', 'A-4', { firstSeenAt: day(4), state: 'closed', closedAt: day(5) }),
  ]);
});
afterAll(() => stack.stop());

describe('GET /v1/findings', () => {
  const idsOf = (body: { findings: { findingId: string }[] }) => body.findings.map((each) => each.findingId);

  it('shows each with its amounts as decimals, and in words for a manager and an operator', async () => {
    const { status, body } = await stack.api.findings('?kind=amount_differs');
    const { outcome, advice, action } = FINDINGS.amount_differs;
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        findings: [
          {
            findingId: 'amount_differs:99999:A/1',
            kind: 'amount_differs',
            state: 'open',
            orderId: 'A/1',
            actionTrackerId: 99_999,
            conversionId: 'sale_subscription:A/1',
            status: 'confirmed',
            actionIds: ['1'],
            detail: '49.00 USD here, 48.00 USD at Impact.',
            amounts: {
              ledger: { amount: '49.00', currency: 'USD' },
              impact: { amount: '48.00', currency: 'USD' },
              difference: { amount: '-1.00', currency: 'USD' },
            },
            outcome,
            advice,
            next: action,
            happenedAt: '2026-11-02T00:00:00.000Z',
            firstSeenAt: '2026-11-01T00:00:00.000Z',
            lastSeenAt: '2026-11-23T00:00:00.000Z',
            lastAuditId: 'audit',
            acknowledgements: [],
          },
        ],
      },
    });
  });

  it.each([
    ['', ['twice:99999:A-4', 'twice:99999:A-3', 'not_credited:99999:A-2', 'amount_differs:99999:A/1']],
    ['?state=open', ['not_credited:99999:A-2', 'amount_differs:99999:A/1']],
    ['?state=open&difference=true', ['amount_differs:99999:A/1']],
    ['?difference=false', ['not_credited:99999:A-2']],
    ['?kind=twice', ['twice:99999:A-4', 'twice:99999:A-3']],
    ['?kind=twice&difference=false', []],
    ['?conversionId=sale_subscription:A-3', ['twice:99999:A-3']],
  ])('lists the newest first: %s', async (query, expected) => {
    const { body } = await stack.api.findings(query);
    expect(idsOf(body)).toEqual(expected);
    expect(body).not.toHaveProperty('nextCursor');
  });

  it('continues after the previous page', async () => {
    const { body: first } = await stack.api.findings('?limit=3');
    const { body: second } = await stack.api.findings(`?limit=3&cursor=${first.nextCursor}`);
    expect(idsOf(second)).toEqual(['amount_differs:99999:A/1']);
  });

  it.each([
    ['state=stuck', 'state'],
    ['kind=none', 'kind'],
    ['difference=yes', 'difference'],
    ['cursor=nonsense', 'cursor'],
    ['limit=101', 'limit'],
    ['status=open', 'status'],
  ])('refuses ?%s and names %s', async (query, field) => {
    const answer = await stack.api.findings(`?${query}`);
    expectProblem(answer, 400, 'invalid_request');
    expect(namedFields(answer)).toEqual([field]);
  });
});

describe('GET /v1/findings.csv', () => {
  it('has the same list, of any length', async () => {
    const token = await stack.api.tokens.machine('conversions:read');
    const { status, headers, body } = await stack.api.call('/v1/findings.csv?difference=true', { token });
    expect({ status, type: headers.get('content-type') }).toEqual({
      status: 200,
      type: 'text/csv; charset=utf-8',
    });
    const ids = String(body)
      .trim()
      .split('\r\n')
      .map((line) => line.split(',')[0]);
    expect(ids).toEqual(['finding', 'twice:99999:A-4', 'twice:99999:A-3', 'amount_differs:99999:A/1']);
  });
});

describe('POST /v1/findings/{findingId}/acknowledge', () => {
  it('records the subject of the token and the reason, each time', async () => {
    const id = 'amount_differs:99999:A/1';
    await stack.api.acknowledge(id, { reason: ' looking ' });
    const { status, body } = await stack.api.acknowledge(id, { reason: 'settled' });
    expect({ status, body }).toMatchObject({
      status: 200,
      body: {
        findingId: id,
        state: 'acknowledged',
        acknowledgements: [
          { at: expect.any(String), by: 'mch_local', reason: 'looking' },
          { at: expect.any(String), by: 'mch_local', reason: 'settled' },
        ],
      },
    });
  });

  it('does not find what no audit has met', async () => {
    expectProblem(await stack.api.acknowledge('twice:1:x', { reason: 'x' }), 404, 'finding_not_found');
  });

  it('is refused for what is closed', async () => {
    const answer = await stack.api.acknowledge('twice:99999:A-4', { reason: 'x' });
    expectProblem(answer, 409, 'finding_closed');
  });

  it.each([[{}], [{ reason: '  ' }], [{ reason: 'x'.repeat(501) }]])(
    'requires a reason of 1 to 500 characters, not %j',
    async (body) => {
      const answer = await stack.api.acknowledge('twice:99999:A-3', body);
      expectProblem(answer, 400, 'invalid_request');
      expect(namedFields(answer)).toEqual(['reason']);
    },
  );
});

describe('GET /v1/audits/latest', () => {
  const latest = async () =>
    stack.api.call('/v1/audits/latest', { token: await stack.api.tokens.machine('conversions:read') });

  it('does not find one before the first audit', async () => {
    expectProblem(await latest(), 404, 'audit_not_found');
  });

  it('shows the newest one, with decimals', async () => {
    const counts = { confirmed: 7 } as never;
    const money = [{ currency: 'USD', ledger: 4_900, impact: 4_800, differences: { amount_differs: -100 } }];
    const result = { counts, findingsByKind: { twice: 2 } as never, openDifferences: 1, money };
    await stack.db.audits.create(
      { _id: 'older', from: day(1), to: day(2), at: day(3), ...result, money: [] },
      { _id: 'newer', from: day(1), to: day(2), at: day(4), ...result },
    );
    const { status, body } = await latest();
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        auditId: 'newer',
        from: '2026-11-01T00:00:00.000Z',
        to: '2026-11-02T00:00:00.000Z',
        at: '2026-11-04T00:00:00.000Z',
        counts: { confirmed: 7 },
        findingsByKind: { twice: 2 },
        openDifferences: 1,
        money: [
          { currency: 'USD', ledger: '49.00', impact: '48.00', differences: { amount_differs: '-1.00' } },
        ],
      },
    });
  });
});
