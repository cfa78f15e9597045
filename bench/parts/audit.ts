import { planAudit } from '../../src/audit/plan-audit.js';
import { stageActions } from '../../src/audit/stage-actions.js';
import { writeAudit } from '../../src/audit/write-audit.js';
import { defaultProgramme as programme } from '../../src/domain/programme/default-programme.js';
import { createImpactClient } from '../../src/impact/client.js';
import { type Database, openDatabase } from '../../src/mongo.js';
import { confirmedSaleOf, START, STEP_MS, startListing } from '../audit/impact.js';
import type { Part, Report } from '../part.js';
import { startBenchMongod } from '../support/fixtures.js';

/** The memory and the time that an audit takes: if the memory had no bound, ten times the conversions would take ten times as much. */
export const audit: Part = {
  about: 'the memory and the time of an audit of 100,000 conversions, beside one of 10,000',
  async run(report, { quick }) {
    const mongod = await startBenchMongod();
    try {
      const [small, large] = quick ? [1_000, 10_000] : [10_000, 100_000];
      const of = (size: number) => measureAudit(`mongodb://127.0.0.1:${mongod.port}/audit-${size}`, size);
      // The first one loads and compiles the code.
      await of(500);
      const before = await of(small);
      reportAudit(report, { size: large, ...(await of(large)) }, { size: small, ...before });
    } finally {
      await mongod.stop();
    }
  },
};

interface Measured {
  peakMb: number;
  stagedMs: number;
  comparedMs: number;
}

const MAX_RATIO_OF_MEMORY = 2;
/** The work is the same for each order. */
const MAX_RATIO_OF_TIME = 1.5;

function reportAudit(
  report: Report,
  large: Measured & { size: number },
  small: Measured & { size: number },
): void {
  const of = ({ size }: { size: number }) => `of ${size.toLocaleString('en')}`;
  report.row({
    work: `most memory of an audit ${of(large)}`,
    unit: 'MB',
    measured: large.peakMb,
    baseline: { what: of(small), value: small.peakMb },
    goal: { atMost: MAX_RATIO_OF_MEMORY },
  });
  for (const [work, field] of [
    ['listing and staging', 'stagedMs'],
    ['comparing', 'comparedMs'],
  ] as const)
    report.row({
      work: `${work} 1,000 orders ${of(large)}`,
      unit: 'ms',
      measured: large[field] / (large.size / 1_000),
      baseline: { what: of(small), value: small[field] / (small.size / 1_000) },
      goal: { atMost: MAX_RATIO_OF_TIME },
      note: `${(large[field] / 1_000).toFixed(1)} s altogether`,
    });
}

async function measureAudit(uri: string, size: number): Promise<Measured> {
  const db = await openDatabase(`${uri}?replicaSet=rs0`);
  const impact = await startListing(size);
  try {
    for (let first = 0; first < size; first += 1_000) {
      const sales = Array.from({ length: Math.min(1_000, size) }, (_, offset) =>
        confirmedSaleOf(first + offset),
      );
      await db.conversions.collection.insertMany(sales as never, { writeConcern: { w: 1 } });
    }
    const times = await auditOnce(db, impact.url, size, () => undefined);
    return { ...times, peakMb: await peakMbOf((onBatch) => auditOnce(db, impact.url, size, onBatch)) };
  } finally {
    await impact.stop();
    await db.close();
  }
}

/** The most memory beyond that at the beginning. Only what is reachable counts, so it collects first, which takes time. */
async function peakMbOf(work: (onBatch: () => void) => Promise<unknown>): Promise<number> {
  const used = () => {
    if (!globalThis.gc) throw new Error('Run it with node --expose-gc.');
    globalThis.gc();
    return process.memoryUsage().heapUsed;
  };
  const before = used();
  let peak = before;
  await work(() => {
    peak = Math.max(peak, used());
  });
  return (peak - before) / 2 ** 20;
}

async function auditOnce(db: Database, baseUrl: string, size: number, onBatch: () => void) {
  const credentials = { accountSid: 'bench', authToken: 'bench' };
  const impact = createImpactClient({ baseUrl, credentials, timeoutMs: 20_000 });
  if (!impact) throw new Error('not configured');
  const deps = { db, programme, impact, onBatch };
  const window = { from: new Date(START).toISOString(), to: new Date(START + size * STEP_MS).toISOString() };
  const plan = await planAudit(deps, window, new Date());
  const begun = performance.now();
  for (const listing of plan.listings) await stageActions(deps, plan.auditId, listing);
  const staged = performance.now();
  const { confirmed } = (await writeAudit(deps, plan, 0)).counts;
  if (confirmed !== size) throw new Error(`${confirmed} of ${size} were confirmed`);
  return { stagedMs: staged - begun, comparedMs: performance.now() - staged };
}
