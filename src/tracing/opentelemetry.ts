import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { TracingConfig } from '../config.js';
import { formatTraceparent, parseTraceparent } from './traceparent.js';
import type { Tracing } from './tracing.js';

/** Time limit for sending a batch of spans, also for the last batch when the process stops. */
const EXPORT_MS = 3_000;

/** Sends spans over OTLP/HTTP, in batches. Registers nothing globally: only calls of `startSpan` make spans. */
export function startOpenTelemetry({ tracesUrl }: TracingConfig, serviceName: string): Tracing {
  const exporter = new OTLPTraceExporter({ url: tracesUrl, timeoutMillis: EXPORT_MS });
  const environment = detectResources({ detectors: [envDetector] });
  const provider = new TracerProvider({
    // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES override this name.
    resource: resourceFromAttributes({ 'service.name': serviceName }).merge(environment),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  const tracer = provider.getTracer('affiliate-conversion-tracking');
  return {
    startSpan({ name, kind, parent, attributes }) {
      const caller = parseTraceparent(parent);
      const context = caller
        ? trace.setSpanContext(ROOT_CONTEXT, { ...caller, isRemote: true })
        : ROOT_CONTEXT;
      const span = tracer.startSpan(name, { kind: SpanKind[kind], attributes }, context);
      return {
        traceparent: formatTraceparent(span.spanContext()),
        end({ attributes: more = {}, failure } = {}) {
          span.setAttributes(more);
          if (failure !== undefined) {
            span.setAttribute('error.type', failure);
            span.setStatus({ code: SpanStatusCode.ERROR });
          }
          span.end();
        },
      };
    },
    async shutdown() {
      const deadline = new Promise((resolve) => setTimeout(resolve, EXPORT_MS).unref());
      // An unavailable collector must not make an orderly stop fail.
      await Promise.race([provider.shutdown(), deadline]).catch(() => undefined);
    },
  };
}
