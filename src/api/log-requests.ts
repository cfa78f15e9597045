import type { Request, RequestHandler } from 'express';
import { cut, printable } from '../domain/foreign-text.js';
import type { Logger } from '../logger.js';
import { createWorkContext, inContext, workFields } from '../tracing/work-context.js';

/**
 * One line per request, with the ids of the conversions that it concerned. Of its input the line has only the parameters
 * that an authenticated caller sent and the route knows; its headers hold tokens.
 */
export function logRequests(logger: Logger): RequestHandler {
  return (request, response, next) => {
    const context = createWorkContext();
    const startedAt = performance.now();
    // The connection closes outside of the request's context.
    response.once('close', () => {
      const { locals, statusCode, writableFinished } = response;
      const line = {
        ...workFields(context),
        req: { method: request.method, url: loggedPath(request), query: loggedQuery(locals.query) },
        res: { statusCode, code: locals.code },
        responseTime: Math.round(performance.now() - startedAt),
      };
      const message = writableFinished ? 'request completed' : 'request aborted';
      if (statusCode >= 500) logger.warn(line, message);
      else logger.info(line, message);
    });
    inContext(context, next);
  };
}

/** The template of the route, because the path may hold what an unauthenticated caller made up. */
export function loggedPath({ baseUrl, route, path }: Request): string {
  return route ? `${baseUrl}${route.path}` : printable(cut(path, 200));
}

/** The log has no id of the token issuer, which says who a user is, and a search may be for one. */
const OF_PERSONS = ['clerkId', 'text'];

function loggedQuery(query: Record<string, unknown> | undefined) {
  if (!query) return undefined;
  return Object.fromEntries(
    Object.entries(query)
      .filter(([name]) => !OF_PERSONS.includes(name))
      .map(([name, value]) => [name, typeof value === 'string' ? printable(cut(value, 100)) : value]),
  );
}
