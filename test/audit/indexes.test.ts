import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { profileMongodb } from '../../dev/profile-mongodb.js';
import { acknowledgeFinding } from '../../src/audit/acknowledge-finding.js';
import {
  countFindingsByState,
  countOpenDifferences,
  type FindingFilter,
  findingsOf,
  listFindings,
  ofStates,
  ofWindow,
  walkFindings,
} from '../../src/audit/find-findings.js';
import { closeUnmet, keepFindings, leaveToNextAudit } from '../../src/audit/keep-findings.js';
import { FINDING_KINDS, FINDING_STATES } from '../../src/domain/findings.js';
import { defaultProgramme as programme } from '../../src/domain/programme/default-programme.js';
import { encodeCursor } from '../../src/ledger/page.js';
import type { Database } from '../../src/mongo.js';
import { keptFinding } from '../support/kept-finding.js';
import { openFreshDatabase } from '../support/mongo.js';

const COUNT = 2_000;
const PAGE = 20;
/** Beyond what a plan returns: the ends of its ranges, one for each state and kind. */
const SPARE = PAGE + FINDING_STATES.length * FINDING_KINDS.length * 2;

const at = (second: number) => new Date(Date.UTC(2026, 10, 1, 0, 0, second));
const WINDOW = { from: at(100), to: at(140) };

let db: Database;

beforeAll(async () => {
  db = await openFreshDatabase();
  const findings = Array.from({ length: COUNT }, (_, index) => {
    const kind = FINDING_KINDS[index % FINDING_KINDS.length] ?? 'twice';
    const state = FINDING_STATES[index % 7] ?? 'closed';
    const seen = { firstSeenAt: at(index), lastSeenAt: at(index), happenedAt: at(index) };
    return keptFinding(kind, `order-${index}`, { state, ...seen });
  });
  // By the driver: mongoose would make a model of each.
  await db.findings.collection.insertMany(findings as never);
});
afterAll(() => db.close());

const list = (filter: FindingFilter, cursor?: string) => listFindings(db, filter, { limit: PAGE, cursor });

const MIDDLE = encodeCursor('firstSeenAt', { firstSeenAt: at(COUNT / 2), _id: '~' });

const LISTS: FindingFilter[] = [
  {},
  { state: 'open' },
  { state: 'closed' },
  { kind: 'twice' },
  { state: 'open', isDifference: true },
  { state: 'acknowledged', kind: 'twice' },
  { conversionId: 'sale_subscription:order-7' },
  { conversionId: 'sale_subscription:order-7', state: 'open', kind: 'twice' },
];

const RUN = { auditId: 'audit', begunAt: at(COUNT), ...WINDOW };
const ORDER = { actionTrackerId: 99_999, orderId: 'order-7', ledger: null, actions: [] };

const QUERIES: [string, () => Promise<unknown>][] = [
  ...LISTS.flatMap((filter): [string, () => Promise<unknown>][] => [
    [`a list of ${JSON.stringify(filter)}`, () => list(filter)],
    [`a later page of ${JSON.stringify(filter)}`, () => list(filter, MIDDLE)],
  ]),
  ['the findings of a conversion', () => findingsOf(db, 'sale_subscription:order-7')],
  ['the open findings, newest first', () => drain(walkFindings(db, ofStates(['open'])))],
  ['the findings of a window', () => drain(walkFindings(db, ofWindow(WINDOW)))],
  ['the open differences of a window', () => countOpenDifferences(db, WINDOW)],
  ['the metrics', () => countFindingsByState(db)],
  ['what an audit has met', () => keepFindings(db, RUN, [keptFinding('twice', 'order-7')])],
  ['what an audit leaves to the next one', () => leaveToNextAudit(db, RUN, [ORDER])],
  ['what an audit closes', () => closeUnmet(db, programme, RUN)],
  [
    'one finding',
    () => acknowledgeFinding(db, 'missing_at_impact:99999:order-0', { by: 'kim', reason: 'x' }),
  ],
];

describe('an index answers the query for', () => {
  it.each(QUERIES)('%s', async (_name, query) => {
    const profiled = await profileMongodb(db, query, 'findings');
    expect(profiled.length).toBeGreaterThan(0);
    for (const { command, plan, sortsInMemory, docsExamined, returned } of profiled) {
      expect({ plan, sortsInMemory }).toEqual({
        plan: expect.not.stringContaining('COLLSCAN'),
        sortsInMemory: false,
      });
      const changed = command === 'find' || command === 'getMore' ? returned : PAGE;
      expect(docsExamined, plan).toBeLessThanOrEqual(changed + SPARE);
    }
  });
});

it('counts for the metrics from the keys alone', async () => {
  const [counted] = await profileMongodb(db, () => countFindingsByState(db), 'findings');
  expect(counted).toMatchObject({ docsExamined: 0, plan: expect.stringContaining('kind: 1') });
  const closed = await db.findings.countDocuments({ state: 'closed' });
  expect(counted?.keysExamined).toBeLessThanOrEqual(COUNT - closed + SPARE);
});

it('reads one page of a list, whatever is kept', async () => {
  for (const filter of LISTS)
    for (const cursor of [undefined, MIDDLE]) {
      const [listed] = await profileMongodb(db, () => list(filter, cursor), 'findings');
      expect(listed?.keysExamined, JSON.stringify(filter)).toBeLessThanOrEqual(PAGE + SPARE);
    }
});

async function drain(items: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of items);
}
