import { json, type Request, type Response } from 'express';
import type { z } from 'zod';
import { inputFaults } from '../domain/input-faults.js';
import { isWithoutBody, liftRequestTimeout } from '../http-server.js';
import { Problem } from './problem.js';
import type { Route } from './route.js';

const parseJson = json({ limit: '16kb' });

/** Reads, inflates and parses the body, up to 16 kB. One of any length is left to its route. */
export async function readBody(request: Request, response: Response, route: Route): Promise<unknown> {
  const { body: schema, bodyIsOptional, bodyType } = route;
  if (!schema) return undefined;
  if (bodyType) return expectType(request, bodyType);
  if (bodyIsOptional && isWithoutBody(request)) return parse(schema, {}, 'body');
  if (!request.is('application/json')) {
    throw new Problem('unsupported_media_type', 'Send the body as "Content-Type: application/json".');
  }
  await new Promise<void>((resolve, reject) => {
    parseJson(request, response, (error) => (error ? reject(error) : resolve()));
  });
  return parse(schema, request.body, 'body');
}

function expectType(request: Request, type: string): void {
  const { 'content-encoding': encoding = 'identity' } = request.headers;
  if (!request.is(type) || encoding !== 'identity')
    throw new Problem('unsupported_media_type', `Send the body as "Content-Type: ${type}", uncompressed.`);
  liftRequestTimeout(request);
}

export function parse<T>(schema: z.ZodType<T>, value: unknown, what: 'path' | 'query' | 'body'): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { detail, fields } = inputFaults(what, result.error);
  throw new Problem('invalid_request', detail, { fields });
}
