import type { ErrorRequestHandler, RequestHandler } from 'express';
import mongoose from 'mongoose';
import { DomainError } from '../domain/errors.js';
import { cut, printable } from '../domain/foreign-text.js';
import { MethodNotAllowed } from '../exact-paths.js';
import type { Logger } from '../logger.js';
import { ISSUER_KEY_TIMES } from './issuer-keys.js';
import { loggedPath } from './log-requests.js';
import { Problem, type ProblemCode, toProblemBody } from './problem.js';

export const routeNotFound: RequestHandler = ({ path }) => {
  const shown = printable(cut(path, 200));
  throw new Problem('route_not_found', `There is no path ${shown}. /openapi.json lists the paths.`);
};

/** Turns errors into answers. The log has all details of an unexpected error, the answer has none. */
export function createErrorHandler(logger: Logger): ErrorRequestHandler {
  return (error, request, response, _next) => {
    const problem = toProblem(error);
    const { status, code, message, fields, members } = problem;
    response.locals.code = code;
    // issuer-keys.ts logs an outage once; anybody can send a token with an unknown key.
    if (status >= 500 && !OF_ISSUER_KEYS.includes(code))
      logger.error({ err: error, code, method: request.method, path: loggedPath(request) }, message);
    if (response.headersSent) {
      // A part of the answer has gone: its client must not take it for the whole.
      response.destroy();
      return;
    }
    response.set('Cache-Control', 'no-store');
    if (status === 401) response.set('WWW-Authenticate', challenge(code));
    if (status === 503) response.set('Retry-After', retryAfterSeconds(code));
    response.status(status).type('application/problem+json');
    response.json(toProblemBody(code, printable(cut(message)), fields, members));
  };
}

/** Names only the scheme if the request has no token. https://www.rfc-editor.org/rfc/rfc6750#section-3 */
function challenge(code: ProblemCode): string {
  return ['token_missing', 'session_expired'].includes(code) ? 'Bearer' : 'Bearer error="invalid_token"';
}

const OF_ISSUER_KEYS: readonly ProblemCode[] = ['authentication_unavailable', 'token_key_pending'];

function retryAfterSeconds(code: ProblemCode): string {
  return OF_ISSUER_KEYS.includes(code) ? String(ISSUER_KEY_TIMES.retryMs / 1000) : '1';
}

/** The code and the words of an error, with none of the details of an unexpected one. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof MethodNotAllowed) return new Problem('method_not_allowed', error.message);
  if (error instanceof DomainError)
    return new Problem(error.code, error.message, {
      fields: error.fields,
      members: error.members,
      cause: error,
    });
  return new Problem(...explain(error), { cause: error });
}

type Explanation = [code: ProblemCode, detail: string];

const NOT_JSON: Explanation = ['malformed_json', 'The body is not valid JSON.'];
const NOT_UTF8: Explanation = ['unsupported_media_type', 'Send the body as JSON in UTF-8.'];

/** By the type of express.json's errors. https://github.com/expressjs/body-parser#errors */
const BODY_ERRORS: Record<string, Explanation> = {
  'entity.parse.failed': NOT_JSON,
  'request.size.invalid': NOT_JSON,
  'encoding.unsupported': NOT_UTF8,
  'charset.unsupported': NOT_UTF8,
};

interface BodyError {
  type: string;
  status: number;
  /** In bytes. */
  limit: number;
}

function explain(error: unknown): Explanation {
  const { type = '', status = 500, limit = 0 } = (error ?? {}) as Partial<BodyError>;
  if (type === 'entity.too.large') return ['body_too_large', `The body is larger than ${limit / 1_024} kB.`];
  const bodyError = BODY_ERRORS[type];
  if (bodyError) return bodyError;
  // Express cannot read the request: an invalid escape in the path, or a body not encoded as declared.
  if (status >= 400 && status < 500) {
    return ['invalid_request', 'The path or the body of the request is malformed.'];
  }
  if (isDatabaseUnavailable(error)) {
    return ['database_unavailable', 'The database is unavailable. Retry the request; it is idempotent.'];
  }
  return ['internal_error', 'An unexpected error occurred. It was logged; the request was not at fault.'];
}

const { mongo, Error: MongooseError } = mongoose;

/** MongoDB says with these that the same request may succeed later: an outage, or a conflict of transactions. */
const RETRYABLE_LABELS = [
  'RetryableWriteError',
  'TransientTransactionError',
  'UnknownTransactionCommitResult',
] as const;

function isDatabaseUnavailable(error: unknown): boolean {
  return (
    error instanceof mongo.MongoNetworkError ||
    error instanceof mongo.MongoNotConnectedError ||
    error instanceof mongo.MongoServerSelectionError ||
    error instanceof mongo.MongoOperationTimeoutError ||
    error instanceof MongooseError.MongooseServerSelectionError ||
    (error instanceof mongo.MongoError && RETRYABLE_LABELS.some((label) => error.hasErrorLabel(label)))
  );
}
