import type { ConversionReport } from '../domain/decide.js';

/**
 * Form encoding is the only content type in Impact's published v14 specification. `EventDate` is in UTC.
 * https://integrations.impact.com/impact-brand/reference/submit-a-conversion
 */
export function encodeForm(fields: ConversionReport | Record<string, string | number>): URLSearchParams {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    form.set(
      name.charAt(0).toUpperCase() + name.slice(1),
      value instanceof Date ? value.toISOString() : String(value),
    );
  }
  return form;
}
