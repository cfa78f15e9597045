import type { TracingConfig } from '../config.js';

/** Only opaque ids and numbers: spans go to another system, so they contain no token, click id or message. */
export type SpanAttributes = Record<string, string | number>;

export interface SpanStart {
  name: string;
  kind: 'server' | 'client' | 'producer' | 'consumer';
  /** W3C traceparent of the span that caused this one; without it a new trace begins. */
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
  /** Sends the remaining spans. */
  shutdown(): Promise<void>;
}

/** @returns undefined if tracing is off; OpenTelemetry's SDK is not loaded then */
export async function startTracing(
  config: TracingConfig | null,
  serviceName: string,
): Promise<Tracing | undefined> {
  if (!config) return undefined;
  const { startOpenTelemetry } = await import('./opentelemetry.js');
  return startOpenTelemetry(config, serviceName);
}

/** The error's code or name, which contains no secret. */
export function failureCode(error: unknown): string {
  const { type, code, name } = (error ?? {}) as { type?: unknown; code?: unknown; name?: unknown };
  return String(type ?? code ?? name ?? 'error');
}
