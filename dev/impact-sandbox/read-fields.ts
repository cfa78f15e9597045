import { z } from 'zod';
import type { FieldError } from './answers.js';
import { canonicalName } from './field-names.js';

interface ReadFields {
  fields: Map<string, string>;
  errors: FieldError[];
}

type Decoder = (text: string) => [name: string, value: string][];

// "application/x-www-form-urlencoded if you are form-encoding your request bodies or application/json if you
// are JSON-encoding": https://integrations.impact.com/impact-brand/reference/requests
// The status codes listed there have no 415, so any other type is an ordinary validation error.
const decoders = new Map<string, Decoder>([
  ['application/x-www-form-urlencoded', decodeForm],
  ['application/json', decodeJson],
]);

export function readFields(contentType: string | undefined, body: Uint8Array): ReadFields {
  const mediaType = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  const decode = decoders.get(mediaType);
  if (!decode) return unreadable('Content-Type', `Not one of ${[...decoders.keys()].join(', ')}`);
  try {
    return collect(decode(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)));
  } catch {
    return unreadable('Body', `Not UTF-8 encoded ${mediaType} with one value per field`);
  }
}

function unreadable(field: string, message: string): ReadFields {
  return { fields: new Map(), errors: [{ field, message }] };
}

/** Stricter than URLSearchParams, which mends bad escapes: "Data sent must be properly UTF-8 URL-encoded." [requests] */
function decodeForm(text: string): [string, string][] {
  return text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [name = '', ...value] = pair.replaceAll('+', ' ').split('=');
      return [decodeURIComponent(name), decodeURIComponent(value.join('='))];
    });
}

const jsonBody = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

function decodeJson(text: string): [string, string][] {
  return Object.entries(jsonBody.parse(JSON.parse(text))).map(([name, value]) => [name, String(value)]);
}

function collect(pairs: [string, string][]): ReadFields {
  const fields = new Map<string, string>();
  const errors: FieldError[] = [];
  for (const [sentName, value] of pairs) {
    const name = canonicalName(sentName);
    const earlier = fields.get(name);
    if (earlier === undefined) fields.set(name, value);
    else if (earlier !== value) errors.push({ field: name, message: 'Sent twice with different values' });
  }
  return { fields, errors };
}
