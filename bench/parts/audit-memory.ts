import { createServer } from 'node:http';
import { serve } from '../../dev/serve.js';
import { planAudit } from '../../src/audit/plan-audit.js';
import { stageActions } from '../../src/audit/stage-actions.js';
import { writeAudit } from '../../src/audit/write-audit.js';
import { campaignEvents } from '../../src/domain/campaign-events/index.js';
import type { Conversion } from '../../src/domain/conversion.js';
import { createImpactClient } from '../../src/impact/client.js';
import { type Database, openDatabase } from '../../src/mongo.js';
import { saleOf, startBenchMongod } from '../support/fixtures.js';

/**
 * `node --expose-gc --import tsx bench/audit-memory.ts`: the most memory that an audit of 10,000 conversions takes,
 * and one of 100,000. The ratio matters: if the memory had no bound, it would be ten.
 */

const SIZES = [10_000, 100_000];
const PAGE = 5_000;
const MAX_RATIO = 2;
const START = Date.parse('2026-10-01T00:00:00Z');
const STEP_MS = 30_000;

const collect = globalThis.gc;
if (!collect) throw new Error('Run it with node --expose-gc.');

const mongod = await startBenchMongod();
try {
  const peaks: number[] = [];
  // The first run is a warm-up: it loads and compiles the code.
  for (const size of [2_000, ...SIZES]) {
    const { peakMb, seconds, confirmed } = await measure(size);
    if (confirmed !== size) throw new Error(`${confirmed} of ${size} were confirmed`);
    if (SIZES.includes(size)) peaks.push(peakMb);
    console.log(
      `${size} conversions: ${peakMb.toFixed(1)} MB at most beyond the start, ${seconds.toFixed(1)} s`,
    );
  }
  const ratio = Number(peaks[1]) / Number(peaks[0]);
  console.log(`ratio ${ratio.toFixed(2)} (at most ${MAX_RATIO})`);
  process.exitCode = ratio <= MAX_RATIO ? 0 : 1;
} finally {
  await mongod.stop();
}

async function measure(size: number) {
  const db = await openDatabase(`mongodb://127.0.0.1:${mongod.port}/audit-${size}?replicaSet=rs0`);
  const impact = await startImpact(size);
  try {
    await fillLedger(db, size);
    collect?.();
    const before = process.memoryUsage().heapUsed;
    const started = performance.now();
    let peak = before;
    // Collect first, so that only reachable memory counts.
    const onBatch = () => {
      collect?.();
      peak = Math.max(peak, process.memoryUsage().heapUsed);
    };
    const confirmed = await audit(db, impact.url, size, onBatch);
    return { peakMb: (peak - before) / 2 ** 20, seconds: (performance.now() - started) / 1_000, confirmed };
  } finally {
    await impact.stop();
    await db.close();
  }
}

async function audit(db: Database, baseUrl: string, size: number, onBatch: () => void): Promise<number> {
  const credentials = { accountSid: 'bench', authToken: 'bench' };
  const impact = createImpactClient({ baseUrl, credentials, timeoutMs: 20_000 });
  if (!impact) throw new Error('not configured');
  const deps = { db, campaignEvents, impact, onBatch };
  const window = { from: new Date(START).toISOString(), to: new Date(START + size * STEP_MS).toISOString() };
  const plan = await planAudit({ db, campaignEvents }, window, new Date());
  for (const listing of plan.listings) await stageActions(deps, plan.auditId, listing);
  return (await writeAudit(deps, plan, 0)).counts.confirmed;
}

async function fillLedger(db: Database, size: number): Promise<void> {
  for (let first = 0; first < size; first += 1_000) {
    await db.conversions.insertMany(Array.from({ length: 1_000 }, (_, offset) => conversion(first + offset)));
  }
}

function orderIdOf(index: number): string {
  return `order-${index}`;
}

function timeOf(index: number): Date {
  return new Date(START + index * STEP_MS);
}

function conversion(index: number): Conversion {
  const [orderId, sentAt] = [orderIdOf(index), timeOf(index)];
  const submission = { state: 'queued', orderId, attempts: 1, sentAt } as const;
  return { ...saleOf(orderId, sentAt), status: 'confirmed', submission };
}

/** Makes up Impact's Actions page by page, so that this process does not hold them. */
function startImpact(size: number) {
  const server = createServer((request, response) => {
    const query = new URL(request.url ?? '', 'http://localhost').searchParams;
    const [from, to] = ['ActionDateStart', 'ActionDateEnd'].map((name) => Date.parse(query.get(name) ?? ''));
    const page = Number(query.get('Page') ?? 1);
    const first = Math.max(0, Math.ceil((Number(from) - START) / STEP_MS));
    const end = Math.min(size, Math.floor((Number(to) - START) / STEP_MS) + 1);
    const start = first + (page - 1) * PAGE;
    const stop = Math.min(end, start + PAGE);
    query.set('Page', String(page + 1));
    const Actions = Array.from({ length: Math.max(0, stop - start) }, (_, offset) => action(start + offset));
    const next = stop < end ? `/Advertisers/bench/Actions?${query}` : '';
    response.end(JSON.stringify({ '@nextpageuri': next, Actions }));
  });
  return serve(server);
}

function action(index: number) {
  return {
    Id: `48046.4636.${index}`,
    CampaignId: 48_046,
    ActionTrackerId: 99_999,
    State: 'PENDING',
    Amount: 49,
    Currency: 'USD',
    EventDate: timeOf(index).toISOString(),
    Oid: orderIdOf(index),
    MediaPartnerName: 'Acme Partner',
    ReferringType: 'CLICK_COOKIE',
  };
}
