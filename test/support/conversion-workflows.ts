import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { expect, inject } from 'vitest';
import type { Activities } from '../../activities/index.js';
import {
  SEARCH_ATTRIBUTES,
  STATUS_QUERY,
  TASK_QUEUES,
  WORKFLOW_TYPE,
} from '../../src/domain/workflow-names.js';
import type { ConversionState } from '../../workflows/conversion.js';
import type { Failure } from '../../workflows/failure.js';
import type { ConversionWorkflow } from '../../workflows/index.js';

export type ConversionHandle = WorkflowHandle<typeof ConversionWorkflow>;

export const RECORDED = { adjustmentsOpen: false };

/** The activities of a conversion that goes through; a test says what is different about its own. */
const GOES_THROUGH: Activities = {
  loadAttribution: async () => ({
    campaignEventId: 'signup',
    capturedAt: '2026-11-01T00:00:00.000Z',
    occurredAt: '2026-11-02T00:00:00.000Z',
  }),
  checkReferralWindow: async () => ({ inside: true, detail: 'inside' }),
  recordOutcome: async () => RECORDED,
  reportConversion: async () => ({ outcome: 'submitted', queuedUri: '/APISubmissions/A-1', recorded: true }),
  findOrder: async () => ({ found: false, lookedUpAt: '2026-11-02T00:00:00.000Z' }),
  confirmSubmission: async () => ({ state: 'confirmed', detail: 'Impact accepted it.' }),
};

/** Workers with the real workflow, and with activities that each test plays itself, told apart by conversion id. */
export async function startConversionWorkflows(environment: TestWorkflowEnvironment) {
  const played = new Map<string, Partial<Activities>>();
  const playing = (conversionId: string) => ({ ...GOES_THROUGH, ...played.get(conversionId) });
  const activities: Activities = {
    loadAttribution: async (conversionId) => {
      const loaded = await playing(conversionId).loadAttribution(conversionId);
      // The window is checked without an id, so the event carries it.
      return loaded && { ...loaded, campaignEventId: conversionId };
    },
    checkReferralWindow: (loaded) => playing(loaded.campaignEventId).checkReferralWindow(loaded),
    recordOutcome: (outcome) => playing(outcome.conversionId).recordOutcome(outcome),
    reportConversion: (conversionId, lookedUpAt) =>
      playing(conversionId).reportConversion(conversionId, lookedUpAt),
    findOrder: (conversionId) => playing(conversionId).findOrder(conversionId),
    confirmSubmission: (conversionId) => playing(conversionId).confirmSubmission(conversionId),
  };
  const shared = { connection: environment.nativeConnection, activities };
  const workers = [
    await Worker.create({
      ...shared,
      taskQueue: TASK_QUEUES.conversions,
      workflowBundle: { codePath: inject('workflowBundlePath') },
    }),
    await Worker.create({ ...shared, taskQueue: TASK_QUEUES.impact }),
    await Worker.create({ ...shared, taskQueue: TASK_QUEUES.impactReads }),
  ];
  const running = Promise.all(workers.map((worker) => worker.run()));
  return {
    async start(
      activitiesOfThisTest: Partial<Activities> = {},
      parkFirst?: Failure,
    ): Promise<ConversionHandle> {
      const conversionId = `signup:${randomUUID()}`;
      played.set(conversionId, activitiesOfThisTest);
      return environment.client.workflow.start<typeof ConversionWorkflow>(WORKFLOW_TYPE, {
        args: [{ conversionId, ...(parkFirst ? { parkFirst } : {}) }],
        workflowId: conversionId,
        taskQueue: TASK_QUEUES.conversions,
        typedSearchAttributes: [{ key: SEARCH_ATTRIBUTES.conversionStatus, value: 'Reporting' }],
      });
    },
    async stop() {
      for (const worker of workers) worker.shutdown();
      await running;
    },
  };
}

export function untilParked(handle: ConversionHandle, timesParked = 1): Promise<void> {
  return expect
    .poll(() => handle.query<ConversionState, []>(STATUS_QUERY))
    .toMatchObject({ status: 'parked', timesParked });
}

/** What the list in the Temporal UI shows of a workflow. */
export async function searchAttributesOf(handle: ConversionHandle) {
  const { typedSearchAttributes } = await handle.describe();
  return {
    status: typedSearchAttributes.get(SEARCH_ATTRIBUTES.conversionStatus),
    parkReason: typedSearchAttributes.get(SEARCH_ATTRIBUTES.parkReason),
  };
}
