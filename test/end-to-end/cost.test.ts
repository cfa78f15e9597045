import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUYER, COST_PATHS } from '../support/cost-paths.js';
import { type Cost, measureCost, WITHOUT_RELAY, WORKER_APP } from '../support/measure-cost.js';
import { freshMongoUri } from '../support/mongo.js';
import { type Stack, startStack } from '../support/stack.js';
import { until } from '../support/until.js';

/**
 * `npm run record:cost` writes what it counts into docs/cost.json. Look at the difference before you commit it: each
 * figure that grows is paid for with every conversion.
 */
const { COST_FILE } = process.env;
const RECORDED = new URL('../../docs/cost.json', import.meta.url);

const counted: Record<string, Cost> = {};
let recorded: Record<string, Cost> = {};
let stack: Stack;

const mongoUri = freshMongoUri();
const workerUri = `${mongoUri}&appName=${WORKER_APP}`;

beforeAll(async () => {
  if (!COST_FILE) recorded = JSON.parse(await readFile(RECORDED, 'utf8'));
  stack = await startStack({ mongoUri, worker: false, ...WITHOUT_RELAY });
  await stack.startWorker({ mongoUri: workerUri });
  const { body: buyer } = await stack.api.me(BUYER, 'click');
  await until(async () => (await stack.conversion(`signup:${buyer.userId}`))?.status === 'submitted');
});
afterAll(async () => {
  await stack.stop();
  if (COST_FILE) await writeFile(COST_FILE, `${JSON.stringify(counted, null, 2)}\n`);
});

const [unconfirmed, confirmed] = [false, true].map((confirms) =>
  Object.entries(COST_PATHS).filter(([, path]) => path.confirms === confirms),
);

describe('costs what docs/cost.json says, at Temporal, MongoDB and Impact', () => {
  it.for(unconfirmed ?? [])('%s', ([name]) => costsWhatIsRecorded(name));

  describe('with the outcome confirmed', () => {
    beforeAll(async () => {
      await stack.stopWorkers();
      await stack.startWorker({ mongoUri: workerUri, confirmAfterMs: 100 });
    });
    it.for(confirmed ?? [])('%s', ([name]) => costsWhatIsRecorded(name));
  });
});

async function costsWhatIsRecorded(name: string): Promise<void> {
  const path = COST_PATHS[name] ?? expect.fail(name);
  const cost = await measureCost(stack, path);
  counted[name] = cost;
  if (COST_FILE) return;
  const { historyBytes, ...exact } = cost;
  const { historyBytes: recordedBytes = 0, ...expected } =
    recorded[name] ?? expect.fail('it is not recorded');
  expect(exact, 'after a change that is meant: npm run record:cost').toEqual(expected);
  // Another machine's name may be longer, and each event has it.
  expect(Math.abs(historyBytes - recordedBytes)).toBeLessThanOrEqual(recordedBytes / 10);
}
