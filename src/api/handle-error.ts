import { STATUS_CODES } from 'node:http';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import mongoose from 'mongoose';
import { DomainError } from '../domain/errors.js';
import type { Logger } from '../logger.js';
import { Problem } from './problem.js';

const { MongoNetworkError, MongoNotConnectedError, MongoServerSelectionError, MongoOperationTimeoutError } =
  mongoose.mongo;

export const routeNotFound: RequestHandler = (request) => {
  throw new Problem(
    'route_not_found',
    `There is no ${request.method} ${request.path}. /openapi.json lists the routes.`,
  );
};

/** Turns errors into answers. The log has all details of an unexpected error, the answer has none. */
export function createErrorHandler(logger: Logger): ErrorRequestHandler {
  return (error, request, response, next) => {
    if (response.headersSent) return next(error);
    const problem = toProblem(error);
    if (problem.status >= 500) {
      logger.error(
        { err: error, code: problem.code, method: request.method, path: request.path },
        problem.message,
      );
    }
    if (problem.status === 401) response.set('WWW-Authenticate', challenge(problem));
    if (problem.status === 503) response.set('Retry-After', '1');
    response
      .status(problem.status)
      .type('application/problem+json')
      .send(
        JSON.stringify({
          type: 'about:blank',
          title: STATUS_CODES[problem.status],
          status: problem.status,
          code: problem.code,
          detail: problem.message,
          ...(problem.fields.length > 0 ? { errors: problem.fields } : {}),
        }),
      );
  };
}

/** Names only the scheme if the request has no token. https://www.rfc-editor.org/rfc/rfc6750#section-3 */
function challenge(problem: Problem): string {
  return problem.code === 'token_missing' ? 'Bearer' : 'Bearer error="invalid_token"';
}

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof DomainError)
    return new Problem(error.code, error.message, { fields: error.fields, cause: error });
  return bodyProblem(error) ?? requestProblem(error) ?? databaseProblem(error) ?? internalError(error);
}

/** Errors of express.json. https://github.com/expressjs/body-parser#errors */
function bodyProblem(error: unknown): Problem | undefined {
  switch ((error as { type?: unknown } | null)?.type) {
    case 'entity.parse.failed':
    case 'request.size.invalid':
      return new Problem('malformed_json', 'The body is not valid JSON.', { cause: error });
    case 'entity.too.large':
      return new Problem('body_too_large', 'The body is larger than 16 kB.', { cause: error });
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return new Problem('unsupported_media_type', 'Send the body as JSON in UTF-8.', { cause: error });
    default:
      return undefined;
  }
}

/** Other requests that Express cannot read: an invalid escape in the path, or a body not encoded as declared. */
function requestProblem(error: unknown): Problem | undefined {
  const status = (error as { status?: unknown } | null)?.status;
  if (typeof status !== 'number' || status < 400 || status >= 500) return undefined;
  return new Problem('invalid_request', 'The path or the body of the request is malformed.', {
    cause: error,
  });
}

function databaseProblem(error: unknown): Problem | undefined {
  const unavailable =
    error instanceof MongoNetworkError ||
    error instanceof MongoNotConnectedError ||
    error instanceof MongoServerSelectionError ||
    error instanceof MongoOperationTimeoutError ||
    error instanceof mongoose.Error.MongooseServerSelectionError ||
    hasLabel(error, 'RetryableWriteError');
  if (!unavailable) return undefined;
  return new Problem(
    'database_unavailable',
    'The database is unavailable. Retry the request; it is idempotent.',
    { cause: error },
  );
}

function hasLabel(error: unknown, label: string): boolean {
  return error instanceof mongoose.mongo.MongoError && error.hasErrorLabel(label);
}

function internalError(error: unknown): Problem {
  return new Problem(
    'internal_error',
    'An unexpected error occurred. It was logged; the request was not at fault.',
    {
      cause: error,
    },
  );
}
