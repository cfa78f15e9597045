import type { IncomingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { Request } from 'express';
import type { FieldError } from './answers.js';

export const RESOURCES = ['Conversions', 'APISubmissions', 'Actions'] as const;
export type Resource = (typeof RESOURCES)[number];

export interface ImpactRequest {
  method: string;
  /** With the query. */
  url: string;
  path: string;
  /** `Conversions` for any path that names no resource. */
  resource: Resource;
  /** The last part of the path: it names one submission. */
  id: string;
  authorization: string | undefined;
  headers: IncomingHttpHeaders;
  fields: Map<string, string>;
  /** Why the body could not be read; empty if it was read. */
  bodyErrors: FieldError[];
  orderId: string | undefined;
}

export async function readRequest(req: Request): Promise<ImpactRequest> {
  const { method, path, originalUrl } = req;
  const { authorization, ...headers } = req.headers;
  const { fields, bodyErrors } = readForm(headers['content-type'], await buffer(req));
  const name = path.split('/')[3];
  return {
    method,
    url: originalUrl,
    path,
    resource: RESOURCES.find((resource) => resource === name) ?? 'Conversions',
    id: path.split('/').at(-1) ?? '',
    authorization,
    headers,
    fields,
    bodyErrors,
    orderId: fields.get('OrderId'),
  };
}

// Impact accepts JSON too; the sandbox reads forms alone. The documented status codes have no 415, so that any other
// type is an ordinary validation error: https://integrations.impact.com/impact-brand/reference/requests
const FORM = /^application\/x-www-form-urlencoded(;|$)/i;

function readForm(contentType = '', body: Uint8Array) {
  const fields = new Map<string, string>();
  try {
    if (!FORM.test(contentType)) throw new Error(`Not ${FORM.source}`);
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
    for (const pair of text.split('&').filter(Boolean)) {
      // Stricter than URLSearchParams, which repairs bad escapes: "Data sent must be properly UTF-8 URL-encoded." [requests]
      const [name = '', ...value] = pair.replaceAll('+', ' ').split('=').map(decodeURIComponent);
      if (fields.has(name)) throw new Error(`${name} was sent twice`);
      fields.set(name, value.join('='));
    }
    return { fields, bodyErrors: [] };
  } catch (error) {
    return { fields, bodyErrors: [{ field: 'Body', message: String(error) }] };
  }
}
