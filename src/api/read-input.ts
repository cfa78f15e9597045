import { json, type Request, type RequestHandler, type Response, raw } from 'express';
import type { z } from 'zod';
import type { FieldError } from '../domain/errors.js';
import { cut, printable } from '../domain/foreign-text.js';
import { Problem } from './problem.js';
import type { Route } from './route.js';

const parseJson = json({ limit: '16kb' });

/** An answer names so many faults of the input, and counts the others. */
const MAX_NAMED = 10;

/** Reads, inflates and parses the body, up to 16 kB. */
export async function readBody(request: Request, response: Response, route: Route): Promise<unknown> {
  const { body: schema, bodyIsOptional } = route;
  if (!schema) return undefined;
  if (bodyIsOptional && isWithoutBody(request)) return parse(schema, {}, 'body');
  if (!request.is('application/json')) {
    throw new Problem('unsupported_media_type', 'Send the body as "Content-Type: application/json".');
  }
  await run(parseJson, request, response);
  return parse(schema, request.body, 'body');
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

function isWithoutBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0;
}

export function parse(schema: z.ZodType, value: unknown, what: 'body' | 'query'): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const all = result.error.issues.flatMap(fieldErrors);
  const fields = all.slice(0, MAX_NAMED).map(({ field, message }) => {
    return { field: printable(cut(field, 100)), message: printable(cut(message, 200)) };
  });
  const named = fields.map(({ field, message }) => (field ? `${field}: ${message}` : message));
  if (all.length > MAX_NAMED) named.push(`and ${all.length - MAX_NAMED} more`);
  throw new Problem('invalid_request', `The ${what} is invalid. ${named.join('; ')}.`, { fields });
}

function fieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  const at = (...path: PropertyKey[]) => [...issue.path, ...path].join('.');
  if (issue.code !== 'unrecognized_keys') return [{ field: at(), message: issue.message }];
  return issue.keys.map((key) => ({ field: at(key), message: 'is unknown' }));
}
