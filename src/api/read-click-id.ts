import type { IncomingMessage } from 'node:http';
import { CLICK_ID_HEADER, isClickId } from '../domain/attribution.js';
import type { Metrics } from '../metrics.js';

/**
 * The visitor's click id, if the website's server sent a valid one. An invalid one is only counted: a bad cookie must
 * never break a page.
 */
export function readClickId(request: IncomingMessage, metrics: Metrics): string | undefined {
  const values = request.headersDistinct[CLICK_ID_HEADER.toLowerCase()] ?? [];
  const [value] = values;
  if (value === undefined) return undefined;
  if (values.length === 1 && isClickId(value)) return value;
  metrics.clickIdsIgnored.inc({
    reason: values.length > 1 ? 'repeated' : value === '' ? 'empty' : 'malformed',
  });
  return undefined;
}
