import type { SpanContext } from '@opentelemetry/api';

/** `00-<trace id>-<span id>-<flags>`, version 00. https://www.w3.org/TR/trace-context/#traceparent-header */
const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

/** @returns undefined if the value is no traceparent: a caller's header may hold anything */
export function parseTraceparent(value: string | undefined): SpanContext | undefined {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(value ?? '') ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) };
}

export function formatTraceparent({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}

/** The part of a traceparent that log lines contain. */
export function traceId(traceparent: string): string | undefined {
  return parseTraceparent(traceparent)?.traceId;
}
