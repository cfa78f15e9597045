import { buffer } from 'node:stream/consumers';
import type { Request } from 'express';
import type { FieldError } from './answers.js';

export const RESOURCES = ['Conversions', 'APISubmissions', 'Actions'] as const;
export type Resource = (typeof RESOURCES)[number];

export type ImpactRequest = Awaited<ReturnType<typeof readRequest>>;

export async function readRequest(req: Request) {
  const { method, path, originalUrl } = req;
  const { authorization, ...headers } = req.headers;
  const { fields, bodyErrors } = readForm(headers['content-type'], await buffer(req));
  const parts = path.split('/');
  return {
    method,
    /** With the query. */
    url: originalUrl,
    path,
    /** `Conversions` for any path that names no resource. */
    resource: RESOURCES.find((resource) => resource === parts[3]) ?? 'Conversions',
    /** The last part of the path: it names one submission. */
    id: parts.at(-1) ?? '',
    authorization,
    headers,
    fields,
    /** Why the body could not be read; empty if it was read. */
    bodyErrors,
    orderId: fields.get('OrderId'),
  };
}

// Impact accepts JSON too; the sandbox reads forms alone. The documented status codes have no 415, so that any other
// type is an ordinary validation error: https://integrations.impact.com/impact-brand/reference/requests
const FORM = /^application\/x-www-form-urlencoded(;|$)/i;

function readForm(contentType = '', body: Uint8Array) {
  const fields = new Map<string, string>();
  const bodyErrors: FieldError[] = [];
  try {
    if (!FORM.test(contentType)) throw new Error(`Not ${FORM.source}`);
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
    for (const pair of text.split('&').filter(Boolean)) {
      // Stricter than URLSearchParams, which repairs bad escapes: "Data sent must be properly UTF-8 URL-encoded." [requests]
      const [name = '', ...value] = pair.replaceAll('+', ' ').split('=').map(decodeURIComponent);
      if (fields.has(name)) throw new Error(`${name} was sent twice`);
      fields.set(name, value.join('='));
    }
  } catch (error) {
    bodyErrors.push({ field: 'Body', message: String(error) });
  }
  return { fields, bodyErrors };
}
