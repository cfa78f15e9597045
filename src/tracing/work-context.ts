import { AsyncLocalStorage } from 'node:async_hooks';
import { traceId } from './traceparent.js';

/** The conversions and the span of a request or of a workflow's start; kept across every `await`. */
export interface WorkContext {
  /** W3C traceparent of the current span, if tracing is on. */
  traceparent?: string | undefined;
  conversionIds: Set<string>;
}

const storage = new AsyncLocalStorage<WorkContext>();

export function createWorkContext(conversionIds: readonly string[] = []): WorkContext {
  return { conversionIds: new Set(conversionIds) };
}

export function inContext<T>(context: WorkContext, work: () => T): T {
  return storage.run(context, work);
}

/** Runs the work within this span; without a span, within none. */
export function inSpanContext<T>(traceparent: string | undefined, work: () => T): T {
  const conversionIds = storage.getStore()?.conversionIds ?? new Set<string>();
  return storage.run({ conversionIds, traceparent }, work);
}

export function currentTraceparent(): string | undefined {
  return storage.getStore()?.traceparent;
}

/** Adds the conversion to the current work: its later log lines contain the id. */
export function concernsConversion(conversionId: string): void {
  storage.getStore()?.conversionIds.add(conversionId);
}

/** The fields that identify the current work in a log line; an undefined one would hide the logger's own. */
export function workFields(context: WorkContext | undefined = storage.getStore()) {
  const ids = [...(context?.conversionIds ?? [])];
  return {
    ...(ids.length > 0 && { conversionId: ids.length > 1 ? ids : ids[0] }),
    ...(context?.traceparent && { trace_id: traceId(context.traceparent) }),
  };
}
