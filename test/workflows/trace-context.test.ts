import { bundleWorkflowCode, DefaultLogger, Worker, type WorkflowBundleOption } from '@temporalio/worker';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { workflowId } from '../../src/domain/conversion.js';
import { TRACE_HEADER } from '../../src/domain/workflow-names.js';
import { WORKFLOW_CODE } from '../../src/temporal/bundle.js';
import { startTracing } from '../../src/tracing/tracing.js';
import { startCollector } from '../support/collector.js';
import { type History, historyOfSignup } from '../support/history-of-signup.js';

let traced: History;
let untraced: History;
let withoutInterceptor: WorkflowBundleOption;

const REPLAYED = workflowId('signup:replayed');

beforeAll(async () => {
  const collector = await startCollector();
  const tracing = await startTracing({ tracesUrl: `${collector.endpoint}/v1/traces` }, 'affiliate-test');
  [traced, untraced, withoutInterceptor] = await Promise.all([
    historyOfSignup(tracing ? { tracing } : {}),
    historyOfSignup(),
    bundleWorkflowCode({ workflowsPath: WORKFLOW_CODE.workflowsPath, logger: new DefaultLogger('WARN') }),
  ]);
  await tracing?.shutdown();
  await collector.stop();
}, 120_000);

describe('a workflow', () => {
  it('hands the trace on to its activities', () => {
    expect(headersOf(traced)).toEqual([true, true]);
    expect(headersOf(untraced)).toEqual([false, false]);
  });

  it.each([
    ['of today', () => ({ codePath: inject('workflowBundlePath') })],
    ['from before tracing', () => withoutInterceptor],
  ])('that was started with a trace or without one is replayed by workers %s', async (_, bundle) => {
    const histories = [traced, untraced].map((history) => ({ workflowId: REPLAYED, history }));
    const errors: unknown[] = [];
    const workflowBundle = bundle();
    for await (const { error } of Worker.runReplayHistories({ workflowBundle }, histories))
      errors.push(error);
    expect(errors).toEqual([undefined, undefined]);
  });
});

/** Whether the start, and the activity that reports, carry the header. */
function headersOf({ events }: History): boolean[] {
  return (events ?? []).flatMap((event) => {
    const attributes =
      event.workflowExecutionStartedEventAttributes ?? event.activityTaskScheduledEventAttributes;
    return attributes ? [Boolean(attributes.header?.fields?.[TRACE_HEADER])] : [];
  });
}
