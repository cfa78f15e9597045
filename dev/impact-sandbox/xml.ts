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

/**
 * A list is one element with the paging as attributes and its entries inside, as in answers recorded in public
 * repositories: <Actions page="1" numpages="1" …><Action>…</Action></Actions>. That one thing comes in the element it
 * has in a list is inferred.
 */
export function resourceToXml({ element, body }: ResourceAnswer): string {
  const { [element]: entries, ...rest } = body;
  return toXml({
    [element]: { ...rest, ...(entries !== undefined && { [element.replace(/s$/, '')]: entries }) },
  });
}
