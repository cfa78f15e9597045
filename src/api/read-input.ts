import { json, type Request, type RequestHandler, type Response, raw } from 'express';
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
  await run(parseJson, request, response);
  return parse(schema, request.body, 'body');
}

function expectType(request: Request, type: string): void {
  const { 'content-encoding': encoding = 'identity' } = request.headers;
  if (!request.is(type) || encoding !== 'identity')
    throw new Problem('unsupported_media_type', `Send the body as "Content-Type: ${type}", uncompressed.`);
  liftRequestTimeout(request);
}

const readBytes = raw({ type: () => true, limit: '1mb' });

/** Reads and inflates the body, up to 1 MB, as its sender has signed it. */
export async function readSignedBody(request: Request, response: Response): Promise<Buffer> {
  await run(readBytes, request, response);
  return Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
}

function run(parser: RequestHandler, request: Request, response: Response): Promise<void> {
  return new Promise((resolve, reject) => {
    void parser(request, response, (error?: unknown) => (error ? reject(error) : resolve()));
  });
}

export function parse<T>(schema: z.ZodType<T>, value: unknown, what: 'path' | 'query' | 'body'): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { detail, fields } = inputFaults(what, result.error);
  throw new Problem('invalid_request', detail, { fields });
}
