import type { TracingConfig } from '../config.js';

/** Opaque ids and numbers alone: a span leaves the house, so no token, no click id and no message goes into one. */
export type SpanAttributes = Record<string, string | number>;

export interface SpanStart {
  name: string;
  kind: 'server' | 'client' | 'producer' | 'consumer';
  /** W3C traceparent of the span that caused this one; without one a trace begins here. */
  parent?: string | undefined;
  attributes: SpanAttributes;
}

export interface Span {
  traceparent: string;
  /** @param failure a stable code */
  end(outcome?: { attributes?: SpanAttributes; failure?: string | undefined }): void;
}

export interface Tracing {
  startSpan(start: SpanStart): Span;
  /** Sends what is not sent yet. */
  shutdown(): Promise<void>;
}

/** @returns undefined where tracing is off; then nothing of OpenTelemetry's SDK is even loaded */
export async function startTracing(
  config: TracingConfig | null,
  serviceName: string,
): Promise<Tracing | undefined> {
  if (!config) return undefined;
  const { startOpenTelemetry } = await import('./opentelemetry.js');
  return startOpenTelemetry(config, serviceName);
}

/** What failed, in a word that holds no secret. */
export function failureCode(error: unknown): string {
  const { type, code, name } = (error ?? {}) as { type?: unknown; code?: unknown; name?: unknown };
  return String(type ?? code ?? name ?? 'error');
}
