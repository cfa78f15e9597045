import type { Headers, WorkflowInterceptors } from '@temporalio/workflow';
import { TRACE_HEADER } from '../src/domain/workflow-names.js';

/**
 * Hands the trace that a workflow was started in on to its activities and children, unread. What it does depends on the history
 * alone, and headers are no part of what a replay compares: so tracing may be switched on and off while conversions
 * are under way.
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
    outbound: [{ scheduleActivity: carry, scheduleLocalActivity: carry, startChildWorkflowExecution: carry }],
  };
}
