import { AsyncLocalStorage } from 'node:async_hooks';
import { traceId } from './traceparent.js';

/** What a request, or one start of a workflow, is about. It follows the work through every `await`. */
export interface WorkContext {
  /** W3C: the span under way. Only where tracing is on. */
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

/** The same work, within this span; without one, within none. */
export function inSpanContext<T>(traceparent: string | undefined, work: () => T): T {
  const conversionIds = storage.getStore()?.conversionIds ?? new Set<string>();
  return storage.run({ conversionIds, traceparent }, work);
}

export function currentTraceparent(): string | undefined {
  return storage.getStore()?.traceparent;
}

/** Says that the work under way is about this conversion: its log lines carry the id from now on. */
export function concernsConversion(conversionId: string): void {
  storage.getStore()?.conversionIds.add(conversionId);
}

/** What every log line says of the work that it comes from. */
export function workFields(context: WorkContext | undefined = storage.getStore()): Record<string, unknown> {
  if (!context) return {};
  const [conversionId, ...more] = context.conversionIds;
  return {
    ...(conversionId === undefined
      ? {}
      : { conversionId: more.length === 0 ? conversionId : [conversionId, ...more] }),
    ...(context.traceparent ? { trace_id: traceId(context.traceparent) } : {}),
  };
}
