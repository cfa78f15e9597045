import type { SpanKind } from '@opentelemetry/api';
import type { TracingConfig } from '../config.js';

/** Only opaque ids and numbers: spans go to another system, so they contain no token, click id or message. */
export type SpanAttributes = Record<string, string | number>;

export interface SpanStart {
  name: string;
  kind: keyof typeof SpanKind;
  /** W3C traceparent of the span that caused this one; without it a new trace begins. */
  parent?: string | undefined;
  attributes: SpanAttributes;
}

export interface SpanOutcome {
  attributes?: SpanAttributes;
  /** A stable code. */
  failure?: string | undefined;
}

export interface Span {
  traceparent: string;
  end(outcome?: SpanOutcome): void;
}

export interface Tracing {
  startSpan(start: SpanStart): Span;
  /** Sends the remaining spans. */
  shutdown(): Promise<void>;
}

/** @returns undefined if tracing is off; OpenTelemetry's SDK is not loaded then */
export async function startTracing(config: TracingConfig | null, serviceName: string) {
  if (!config) return undefined;
  const { startOpenTelemetry } = await import('./opentelemetry.js');
  return startOpenTelemetry(config, serviceName);
}

/** @param failsFrom the lowest status that is a failure */
export function httpOutcome(status: number, failsFrom: 400 | 500): SpanOutcome {
  const attributes = { 'http.response.status_code': status };
  return status >= failsFrom ? { attributes, failure: String(status) } : { attributes };
}

/** Does the work and then ends the span: with the error's code or name, which contains no secret, if it fails. */
export async function during<T>(
  span: Span,
  work: () => Promise<T>,
  outcomeOf?: (result: T) => SpanOutcome,
): Promise<T> {
  try {
    const result = await work();
    span.end(outcomeOf?.(result));
    return result;
  } catch (error) {
    const { type, code, name } = (error ?? {}) as { type?: unknown; code?: unknown; name?: unknown };
    span.end({ failure: String(type ?? code ?? name ?? 'error') });
    throw error;
  }
}
