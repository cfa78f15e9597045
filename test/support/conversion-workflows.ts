import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, inject, vi } from 'vitest';
import { type Activities, createActivities } from '../../activities/index.js';
import { type Conversion, workflowId } from '../../src/domain/conversion.js';
import { type AskingTimes, CONFIRM_WITHIN_MS, LOOK_UP } from '../../src/domain/impact-times.js';
import { defaultProgramme } from '../../src/domain/programme/default-programme.js';
import type { Programme } from '../../src/domain/programme/programme.js';
import { SEARCH_ATTRIBUTES, STATUS_QUERY, TASK_QUEUES } from '../../src/domain/workflow-names.js';
import type { ImpactClient } from '../../src/impact/client.js';
import { findConversion } from '../../src/ledger/find-conversion.js';
import { type AdjustmentRequest, requestAdjustment } from '../../src/ledger/request-adjustment.js';
import { eraseUser } from '../../src/operations/erase-user.js';
import {
  type BackgroundDeps,
  handOver,
  NEWS,
  type WakeSignal,
  wakeConversion,
} from '../../src/temporal/wake-conversion.js';
import type { ConversionWorkflow } from '../../workflows/index.js';
import type { ConversionState } from '../../workflows/page.js';
import { byConversion } from './activities-by-conversion.js';
import { openFreshDatabase } from './mongo.js';
import { pendingActivity } from './pending-activity.js';
import { insertPending } from './pending-conversion.js';
import { logger } from './runtime.js';
import { startTimeSkipping } from './time-skipping.js';
import { userIdOf } from './user-id.js';

export type ConversionHandle = WorkflowHandle<typeof ConversionWorkflow>;

/** What is special about the conversion of one test. */
export interface Plan {
  /** What Impact does differently: unless a test says otherwise, it accepts everything. `null`: no credentials. */
  impact?: Partial<ImpactClient> | null;
  /** Without it, the worker never asks Impact about a submission. */
  confirmAfterMs?: number;
  confirmWithinMs?: number;
  lookUp?: AskingTimes;
  conversion?: Partial<Conversion>;
  /** Activities that fail, or during which something else happens. */
  activities?(real: Activities): Partial<Activities>;
  /** How its worker wakes other conversions, if not really. */
  wake?(conversion: Conversion, really: () => Promise<unknown>): Promise<unknown>;
  /** How its workflow begins, if not by an ordinary start. */
  begin?(sale: Sale): Promise<unknown>;
}

const ACCEPTING: ImpactClient = {
  submitConversion: async () => ({ queuedUri: '/APISubmissions/A-1' }),
  getSubmission: async () => ({ state: 'complete', errorReasons: [] }),
  findAction: async () => null,
  reverseAction: async () => ({ queuedUri: '/APISubmissions/A-2' }),
  updateAction: async () => ({ queuedUri: '/APISubmissions/A-3' }),
  listActions: () => {
    throw new Error('Only an audit lists actions.');
  },
};

interface Options {
  programme?: Programme;
  /** Activities, too, have the time of the server, which jumps ahead; otherwise they have the real one. */
  serverTime?: boolean;
}

/** The time-skipping server and the workers of one test file, from its first test to its last. */
export function useConversionWorkflows({ programme = defaultProgramme, serverTime = false }: Options = {}) {
  let environment: TestWorkflowEnvironment;
  let workflows: Awaited<ReturnType<typeof startConversionWorkflows>>;
  beforeAll(async () => {
    environment = await startTimeSkipping();
    if (serverTime) vi.useFakeTimers({ toFake: ['Date'] });
    const setTime = async () => {
      if (serverTime) vi.setSystemTime(await environment.currentTimeMs());
    };
    workflows = await startConversionWorkflows(environment, programme, setTime);
  });
  afterAll(async () => {
    await workflows.stop();
    await environment.teardown();
    vi.useRealTimers();
  });
  return {
    get db() {
      return workflows.db;
    },
    start: (plan?: Plan) => workflows.start(plan),
    /** The server's clock. */
    currentTimeMs: () => environment.currentTimeMs(),
    sleep: (duration: Parameters<typeof environment.sleep>[0]) => environment.sleep(duration),
  };
}

/** Workers with the real workflow, activities and ledger; each test says what Impact does. */
async function startConversionWorkflows(
  { client, nativeConnection }: TestWorkflowEnvironment,
  programme: Programme,
  setTime: () => Promise<void>,
) {
  const db = await openFreshDatabase();
  const planned = new Map<string, Activities>();
  const activities = byConversion(programme, async (conversionId) => {
    await setTime();
    const found = planned.get(conversionId);
    if (found) return found;
    throw new Error(`No test has planned the conversion "${conversionId}".`);
  });
  const shared = { connection: nativeConnection, activities };
  const workflowBundle = { codePath: inject('workflowBundlePath') };
  const workers = [
    await Worker.create({ ...shared, taskQueue: TASK_QUEUES.conversions, workflowBundle }),
    await Worker.create({ ...shared, taskQueue: TASK_QUEUES.impact }),
    await Worker.create({ ...shared, taskQueue: TASK_QUEUES.impactReads }),
  ];
  const deps = { db, temporal: client, programme, logger, deadlineMs: 10_000 };
  const running = Promise.all(workers.map((worker) => worker.run()));
  return {
    db,
    async start(plan: Plan = {}): Promise<Sale> {
      await setTime();
      const { _id: id } = await insertPending(db, { occurredAt: new Date(), ...plan.conversion });
      const real = createActivities({
        db,
        programme,
        impact: plan.impact === null ? null : { ...ACCEPTING, ...plan.impact },
        confirmAfterMs: plan.confirmAfterMs ?? null,
        confirmWithinMs: plan.confirmWithinMs ?? CONFIRM_WITHIN_MS,
        lookUp: plan.lookUp ?? LOOK_UP,
        wake: (conversion) => {
          const really = () => wakeConversion(deps, conversion, NEWS);
          return plan.wake ? plan.wake(conversion, really) : really();
        },
      });
      planned.set(id, { ...real, ...plan.activities?.(real) });
      const sale = createSale(deps, id);
      await (plan.begin ? plan.begin(sale) : sale.wake());
      return sale;
    },
    async stop() {
      for (const worker of workers) worker.shutdown();
      await running;
      await db.close();
    },
  };
}

export type Sale = ReturnType<typeof createSale>;

/** A sale, and what the API and an operator do about it. */
function createSale(deps: BackgroundDeps & { programme: Programme }, id: string) {
  const { db, temporal } = deps;
  const conversion = () => findConversion(db, id);
  const adjust = async (request: AdjustmentRequest) => {
    await handOver(deps, (await requestAdjustment(deps, id, request)).conversion);
  };
  const asked = { reason: 'ITEM_RETURNED', by: 'mch_shop' };
  return {
    id,
    /** Of the latest run. */
    handle: temporal.workflow.getHandle(workflowId(id)) as ConversionHandle,
    conversion,
    /** As the relay does. */
    handOver: async () => handOver(deps, await conversion()),
    wake: async (signal?: WakeSignal) => wakeConversion(deps, await conversion(), signal),
    reverse: () => adjust({ kind: 'reversal', ...asked }),
    eraseUser: (clerkId: string) => eraseUser({ ...deps, userIdOf }, clerkId),
    setAmount: (totalAmountCents: number) => adjust({ kind: 'amount', totalAmountCents, ...asked }),
    /** `1900 confirmed`, `reversal parked`: oldest first. */
    async adjustments(): Promise<string[]> {
      const { adjustments = [] } = await conversion();
      return adjustments.map(({ kind, totalAmountCents, status }) => `${totalAmountCents ?? kind} ${status}`);
    },
    /** The last thing that the timeline says. */
    lastEntry: async () => (await conversion()).timeline.at(-1),
  };
}

export function stateOf(handle: ConversionHandle): Promise<ConversionState> {
  return handle.query<ConversionState, []>(STATUS_QUERY);
}

export function untilParked(handle: ConversionHandle, timesParked = 1): Promise<void> {
  return expect.poll(() => stateOf(handle)).toMatchObject({ status: 'parked', timesParked });
}

/** Until the first attempt of an activity has failed. The time-skipping server never ends one that is cancelled while it runs. */
export function untilBetweenAttempts(handle: ConversionHandle): Promise<void> {
  return expect.poll(() => pendingActivity(handle)).toMatchObject({ attempt: 2 });
}

/** What the list in the Temporal UI shows of a workflow. */
export async function searchAttributesOf(handle: ConversionHandle) {
  const { typedSearchAttributes } = await handle.describe();
  return {
    status: typedSearchAttributes.get(SEARCH_ATTRIBUTES.conversionStatus),
    parkReason: typedSearchAttributes.get(SEARCH_ATTRIBUTES.parkReason),
  };
}

/** The Markdown of its page in the Temporal UI. */
export async function currentDetailsOf(handle: ConversionHandle): Promise<string> {
  const metadata = await handle.query<{ currentDetails: string }, []>('__temporal_workflow_metadata');
  return metadata.currentDetails;
}
