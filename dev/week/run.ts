import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createUserIdOf } from '../../src/users/user-id.js';
import { DEVELOPMENT_USER_ID_KEY } from '../environment.js';
import { readJournal } from '../impact-sandbox/index.js';
import { readOrders } from '../trial/at-impact.js';
import { readLedger } from '../trial/ledger.js';
import { type System, startSystem } from '../trial/system.js';
import { createClock, DAY, WEEK } from './clock.js';
import { evaluate, type Fired } from './evaluate.js';
import { type Found, judge } from './judge.js';
import { passWeek } from './pass.js';
import { planWeek, type Week } from './plan.js';
import { failAtImpact, openPlay } from './play.js';

interface RunOptions {
  seed: number;
  count: number;
  secondsPerDay: number;
  /** Impact's credentials are revoked on Thursday, and the run ends a day later. */
  breaks: boolean;
  dataDir: string;
  say: (line: string) => void;
}

/** The waits that are hours in production, in seconds, and limits that the compressed week would meet. */
const WAITS = {
  IMPACT_CONFIRM_AFTER: '1',
  IMPACT_CONFIRM_WITHIN: '600',
  IMPACT_LOOK_UP_AFTER: '2',
  IMPACT_MAX_REQUESTS_PER_SECOND: '100',
  IMPACT_MAX_READS_PER_HOUR: '360000',
};

const BREAKS_AT = 3 * DAY + DAY / 2;

/** The worker repeats a question that failed after a minute, and then after two. */
const SETTLE_WITHIN_MS = 5 * 60_000;

export interface RunResult extends Found {
  fired: Fired[];
  root: string;
}

/** A week passes, everything settles, and then it is judged: by Prometheus, and conversion by conversion. */
export async function run({ seed, count, breaks, dataDir, say, ...pace }: RunOptions): Promise<RunResult> {
  const week = planWeek(seed, count);
  await rm(dataDir, { recursive: true, force: true });
  say('starting MongoDB, Temporal, the Impact sandbox, the API and a worker');
  const system = await startSystem({ dataDir, workers: ['worker-1'], workerSettings: WAITS, say });
  try {
    await prepareSandbox(system, week);
    const clock = createClock();
    const play = await openPlay(system, clock, week);
    const broken = { at: BREAKS_AT, happen: () => failAtImpact(system, 401) };
    const samples = await passWeek(system, {
      ...pace,
      clock,
      happenings: breaks ? [...play.happenings, broken] : play.happenings,
      outage: week.outage,
      until: breaks ? BREAKS_AT + DAY : WEEK,
      say,
    });
    await play.close();
    const ledger = await readLedger(system.direct.mongoUri);
    say('the week is over, and the last conversions settle');
    const unfinished = await ledger.settle(breaks ? 0 : SETTLE_WITHIN_MS, say);
    const documents = await ledger.all();
    await ledger.close();
    // The sandbox processes submissions when a request looks at them.
    await system.sandbox.actions();
    const found = judge(play.wanted, readOrders(readJournal(system.journal)), documents);
    if (unfinished > 0) found.problems.push(`${unfinished} conversions are not finished`);
    found.problems.push(...system.crashes.map((crash) => `crash: ${crash}`));
    say('Prometheus evaluates the alerts');
    const fired = await evaluate(samples, join(system.root, 'week.test.yml'));
    return { ...found, fired, root: system.root };
  } finally {
    await system.stop();
  }
}

/** Plans at the sandbox which conversions it will not credit. */
async function prepareSandbox({ sandbox }: System, { conversions }: Week): Promise<void> {
  await sandbox.settings({ rateLimits: { Conversions: null, APISubmissions: null, Actions: null } });
  const userIdOf = createUserIdOf(DEVELOPMENT_USER_ID_KEY);
  for (const { clerkId, sale, fate } of conversions) {
    const orderId = sale?.orderId ?? `signup-${userIdOf(clerkId)}`;
    if (fate === 'declined') await sandbox.plan({ orderId, errorReason: 'OTHER_REF_PRIORITIZED' });
    if (fate === 'uncredited') await sandbox.plan({ orderId, attributed: false });
  }
}
