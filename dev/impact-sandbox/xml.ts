import { XMLBuilder } from 'fast-xml-parser';
import type { Answer, ResourceAnswer } from './answers.js';

const builder = new XMLBuilder({
  attributeNamePrefix: '@',
  ignoreAttributes: false,
  suppressEmptyNode: true,
});

/** "The root element of the XML response is <ImpactRadiusResponse>": https://integrations.impact.com/impact-brand/reference/responses */
function toXml(elements: Record<string, unknown>): string {
  return builder.build({ ImpactRadiusResponse: elements });
}

/** A list is wrapped as documented: <Errors><Error>…</Error></Errors>. */
export function statusToXml({ body }: Answer): string {
  const elements = Object.entries(body).map(([name, value]) =>
    Array.isArray(value) ? [name, { [name.replace(/s$/, '')]: value }] : [name, value],
  );
  return toXml(Object.fromEntries(elements));
}

/** One element for one thing is inferred from lists, where each thing has one. */
export function resourceToXml({ element, body }: ResourceAnswer): string {
  return toXml({ [element]: defined(body) });
}

function defined(body: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}
