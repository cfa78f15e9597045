import { type Profiled, profileMongodb } from '../../dev/profile-mongodb.js';
import type { Plot } from '../chart.js';
import { type LedgerQuery, QUERIES, type Seeded } from '../growth/queries.js';
import { SEARCHES } from '../growth/searches.js';
import { seedLedger } from '../growth/seed.js';
import { WRITES } from '../growth/writes.js';
import type { Part, Report } from '../part.js';
import { startBenchMongod } from '../support/fixtures.js';
import { median } from '../support/median.js';

/** How the queries of the product grow with the ledger, and whether an index answers each of them. */
export const growth: Part = {
  about: 'the queries of the product at 1,000, 100,000 and 1,000,000 conversions',
  async run(report, { quick }) {
    const sizes = quick ? [1_000, 20_000] : [1_000, 100_000, 1_000_000];
    const mongod = await startBenchMongod();
    const ledgers: Seeded[] = [];
    try {
      for (const size of sizes) ledgers.push(await seed(mongod.port, size, report));
      for (const query of [...QUERIES, ...SEARCHES, ...WRITES]) await measure(report, ledgers, query);
    } finally {
      for (const { db } of ledgers) await db.close();
      await mongod.stop();
    }
  },
};

async function seed(port: number, size: number, report: Report): Promise<Seeded> {
  const [now, begun] = [Date.now(), performance.now()];
  const db = await seedLedger(`mongodb://127.0.0.1:${port}/growth-${size}?replicaSet=rs0`, size, now);
  const seconds = (performance.now() - begun) / 1_000;
  report.progress(`${count(size)} conversions are there after ${seconds.toFixed(0)} s`);
  return { db, size, now };
}

/** Times the query on each ledger in turn. The first round loads code and what it reads of the disk, and is not counted. */
async function measure(report: Report, ledgers: readonly Seeded[], query: LedgerQuery): Promise<void> {
  const [first, ...larger] = ledgers;
  if (!first) return;
  const profiled = new Map<Seeded, Profiled[]>();
  for (const ledger of ledgers)
    profiled.set(ledger, await profileMongodb(ledger.db, () => query.run(ledger)));
  const times = new Map<Seeded, number[]>(ledgers.map((ledger) => [ledger, []]));
  const begun = performance.now();
  for (let round = 0; round < ROUNDS && performance.now() - begun < ENOUGH_MS; round += 1) {
    for (const [ledger, each] of times) {
      const start = performance.now();
      await query.run(ledger);
      if (round > 0) each.push(performance.now() - start);
    }
  }
  const medianOf = (ledger: Seeded) => median(times.get(ledger));
  for (const ledger of larger)
    report.row({
      work: `${query.work}, of ${count(ledger.size)}`,
      unit: 'ms',
      measured: medianOf(ledger),
      baseline: { what: `of ${count(first.size)}`, value: medianOf(first) },
      ...(query.flat && { goal: { atMost: MOST_OF_FLAT } }),
      note: describe(profiled.get(ledger) ?? []),
      ...(query.plotted && { plot: plotOf(query, ledger, first) }),
    });
  const largest = larger.at(-1);
  if (query.atMostMs !== undefined && largest)
    report.row({
      work: `${query.work}, of ${count(largest.size)}`,
      unit: 'ms',
      measured: medianOf(largest),
      goal: { atMost: query.atMostMs },
    });
}

function plotOf({ work }: LedgerQuery, { size }: Seeded, first: Seeded): Plot {
  return {
    title: 'The time of a query, by the size of the ledger',
    along: 'conversions in the ledger',
    series: work,
    at: size,
    baseline: { series: work, at: first.size },
  };
}

const ROUNDS = 20;

/** A query that takes long is timed less often. */
const ENOUGH_MS = 6_000;

/** The times of flat queries are a millisecond or two, of which much is noise. */
const MOST_OF_FLAT = 2;

/** What MongoDB examined for what it returned, and what it should not do. */
function describe(profiled: readonly Profiled[]): string {
  const sum = (field: 'keysExamined' | 'docsExamined' | 'returned') =>
    count(profiled.reduce((total, each) => total + each[field], 0));
  const examined = `${sum('keysExamined')} keys, ${sum('docsExamined')} documents, ${sum('returned')} returned`;
  const scans = profiled.some(({ plan }) => plan.includes('COLLSCAN')) ? '; reads the whole collection' : '';
  const sorts = profiled.some(({ sortsInMemory }) => sortsInMemory) ? '; sorts in memory' : '';
  return examined + scans + sorts;
}

function count(value: number): string {
  return value.toLocaleString('en');
}
