import type { WorkflowClientInterceptor } from '@temporalio/client';
import { defaultPayloadConverter, type Headers } from '@temporalio/common';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { campaignEventIdOf, conversionIdOf } from '../domain/conversion.js';
import { TRACE_HEADER } from '../domain/workflow-names.js';
import { traceId } from './traceparent.js';
import { during, type SpanAttributes, type Tracing } from './tracing.js';
import { currentTraceparent, inSpanContext } from './work-context.js';

/** Passes the current trace to each workflow that is started. `workflows/trace-context.ts` passes it on to activities. */
export function traceStarts(tracing: Tracing): WorkflowClientInterceptor {
  async function inStartSpan<I extends StartInput, O>(
    verb: string,
    input: I,
    next: (input: I) => Promise<O>,
  ) {
    const span = tracing.startSpan({
      name: `${verb} ${input.workflowType}`,
      kind: 'PRODUCER',
      parent: currentTraceparent(),
      attributes: conversionAttributes(input.options.workflowId),
    });
    const carrier = defaultPayloadConverter.toPayload({ traceparent: span.traceparent });
    return during(span, () => next({ ...input, headers: { ...input.headers, [TRACE_HEADER]: carrier } }));
  }
  return {
    startWithDetails: (input, next) => inStartSpan('StartWorkflow', input, next),
    signalWithStart: (input, next) => inStartSpan('SignalWithStartWorkflow', input, next),
  };
}

interface StartInput {
  readonly workflowType: string;
  readonly headers: Headers;
  readonly options: { workflowId: string };
}

/** Creates a span for each attempt of an activity, if its workflow belongs to a trace. */
export function traceActivities(tracing: Tracing): ActivityInterceptorsFactory {
  return ({ info }) => {
    let traceparent: string | undefined;
    return {
      inbound: {
        async execute(input, next) {
          const parent = readTraceparent(input.headers);
          if (parent === undefined) return next(input);
          const span = tracing.startSpan({
            name: `RunActivity ${info.activityType}`,
            kind: 'CONSUMER',
            parent,
            attributes: {
              ...conversionAttributes(info.workflowExecution?.workflowId),
              'temporal.attempt': info.attempt,
            },
          });
          traceparent = span.traceparent;
          return inSpanContext(traceparent, () => during(span, () => next(input)));
        },
      },
      // Temporal writes log lines later, outside of the activity's context.
      outbound: {
        getLogAttributes: (input, next) =>
          next(traceparent === undefined ? input : { ...input, trace_id: traceId(traceparent) }),
      },
    };
  };
}

function readTraceparent(headers: Headers): string | undefined {
  const payload = headers[TRACE_HEADER];
  if (!payload) return undefined;
  const { traceparent } = (defaultPayloadConverter.fromPayload(payload) ?? {}) as { traceparent?: unknown };
  return typeof traceparent === 'string' ? traceparent : undefined;
}

function conversionAttributes(workflowId: string | undefined): SpanAttributes {
  const conversionId = conversionIdOf(workflowId ?? '');
  if (conversionId === undefined) return {};
  return { 'conversion.id': conversionId, 'campaign_event.id': campaignEventIdOf(conversionId) };
}
