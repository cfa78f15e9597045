import type { Headers, WorkflowInterceptors } from '@temporalio/workflow';
import { TRACE_HEADER } from '../src/domain/workflow-names.js';

/**
 * Passes the trace in which a workflow was started on to its activities, unread. It depends on the history alone, and a
 * replay does not compare headers: so tracing may be switched on and off while conversions are under way.
 */
export function interceptors(): WorkflowInterceptors {
  let carried: Headers = {};
  const carry = <Input extends { readonly headers: Headers }, Output>(
    input: Input,
    next: (input: Input) => Output,
  ) => next({ ...input, headers: { ...carried, ...input.headers } });
  return {
    inbound: [
      {
        execute(input, next) {
          const header = input.headers[TRACE_HEADER];
          carried = header ? { [TRACE_HEADER]: header } : {};
          return next(input);
        },
      },
    ],
    outbound: [{ scheduleActivity: carry, scheduleLocalActivity: carry }],
  };
}
