import type { IncomingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { Request } from 'express';
import type { FieldError } from './answers.js';
import { readFields } from './read-fields.js';

export interface ImpactRequest {
  method: string;
  path: string;
  /** The path without query and without the `.json` that asks for a JSON answer. */
  resource: string;
  /** The last part of the resource, which names one thing where there are many. */
  id: string;
  query: Map<string, string>;
  authorization: string | undefined;
  headers: IncomingHttpHeaders;
  fields: Map<string, string>;
  /** What made the body unreadable; empty when it was read. */
  bodyErrors: FieldError[];
  orderId: string | undefined;
}

export async function readRequest(req: Request): Promise<ImpactRequest> {
  const { authorization, ...headers } = req.headers;
  const { fields, errors } = readFields(headers['content-type'], await buffer(req));
  const resource = req.path.replace(/\.json$/, '');
  return {
    method: req.method,
    path: req.originalUrl,
    resource,
    id: resource.split('/').at(-1) ?? '',
    query: new Map(new URLSearchParams(req.originalUrl.split('?')[1])),
    authorization,
    headers,
    fields,
    bodyErrors: errors,
    orderId: fields.get('OrderId'),
  };
}
