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
    ['that was started with a trace', () => traced],
    ['that was started without one', () => untraced],
  ])('%s is replayed by workers of today and by those from before tracing', async (_, history) => {
    const bundles = [{ codePath: inject('workflowBundlePath') }, withoutInterceptor];
    for (const workflowBundle of bundles) {
      await Worker.runReplayHistory({ workflowBundle }, history(), workflowId('signup:replayed'));
    }
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
