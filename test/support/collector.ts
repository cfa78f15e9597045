import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { serve } from '../../dev/serve.js';

export interface CollectedSpan {
  service: string;
  traceId: string;
  spanId: string;
  parentSpanId: string | undefined;
  name: string;
  attributes: Record<string, unknown>;
}

interface Otlp {
  resourceSpans: { resource: { attributes: Attribute[] }; scopeSpans: { spans: OtlpSpan[] }[] }[];
}
interface Attribute {
  key: string;
  value: { stringValue?: string; intValue?: number };
}
type OtlpSpan = Omit<CollectedSpan, 'attributes'> & { attributes: Attribute[] };

/** Takes OTLP over HTTP, in JSON, as an OpenTelemetry collector does. */
export async function startCollector() {
  const spans: CollectedSpan[] = [];
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    bodies.push(`${request.url} ${body}`);
    for (const { resource, scopeSpans } of (JSON.parse(body) as Otlp).resourceSpans) {
      const service = String(toRecord(resource.attributes)['service.name']);
      const sent = scopeSpans.flatMap((scope) => scope.spans);
      spans.push(...sent.map((span) => ({ ...span, service, attributes: toRecord(span.attributes) })));
    }
    response.setHeader('Content-Type', 'application/json').end('{}');
  });
  const { url: endpoint, stop } = await serve(server);
  return {
    endpoint,
    spans,
    /** As they came in. */
    bodies,
    stop,
  };
}

/** The span of this name about this conversion, and those that caused it, the first cause first. */
export function pathTo(spans: readonly CollectedSpan[], name: string, conversionId: string): CollectedSpan[] {
  const causes = (span: CollectedSpan | undefined): CollectedSpan[] =>
    span ? [...causes(spans.find(({ spanId }) => spanId === span.parentSpanId)), span] : [];
  const about = (path: CollectedSpan[]) =>
    path.some(({ attributes }) => attributes['conversion.id'] === conversionId);
  const paths = spans.filter((span) => span.name === name).map(causes);
  return paths.find(about) ?? [];
}

function toRecord(attributes: Attribute[]): Record<string, unknown> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [key, value.stringValue ?? Number(value.intValue)]),
  );
}
