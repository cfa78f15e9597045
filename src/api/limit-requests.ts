import type { Request, RequestHandler, Response } from 'express';
import { ipKeyGenerator, MemoryStore, rateLimit } from 'express-rate-limit';
import type { Logger } from '../logger.js';
import type { Metrics } from '../metrics.js';
import type { Principal } from './authenticate.js';
import { Problem } from './problem.js';

/** Requests per minute; 0: no limit. Each API process counts for itself. */
export interface RateLimits {
  user: number;
  machine: number;
  /** Of requests that no valid token comes with. */
  address: number;
}

export const UNLIMITED: RateLimits = { user: 0, machine: 0, address: 0 };

/** Proxies in front of the API: their number, or their addresses. `undefined`: not configured. */
export type TrustProxy = number | string[] | undefined;

interface LimitDeps {
  metrics: Metrics;
  logger: Logger;
  rateLimits: RateLimits;
  trustProxy?: TrustProxy;
}

const WINDOW_MS = 60_000;

export const RATE_LIMIT_HEADERS = ['RateLimit', 'RateLimit-Policy', 'Retry-After'];

/** For routes whose caller is authenticated. */
export function limitCallers({ metrics, rateLimits }: LimitDeps): RequestHandler {
  const ofUser = createLimiter('user', rateLimits.user, callerOf, metrics);
  const ofMachine = createLimiter('machine', rateLimits.machine, callerOf, metrics);
  return (request, response, next) => {
    const { kind } = response.locals.principal as Principal;
    // Refused events would come again, at the same time as newer ones.
    if (kind === 'sender') return next();
    return (kind === 'machine' ? ofMachine : ofUser)(request, response, next);
  };
}

function callerOf(_request: Request, { locals }: Response): string {
  const principal: Exclude<Principal, { kind: 'sender' }> = locals.principal;
  if (principal.kind === 'machine') return principal.subject;
  // Another issuer's, which may be equal to a user's.
  return principal.kind === 'manager' ? `manager ${principal.subject}` : principal.clerkId;
}

/**
 * For all requests, before any token is checked: refuses those of an address that has just sent too many without a
 * valid token. A request counts once its answer shows that it had none.
 */
export function limitAddresses({ metrics, logger, rateLimits, trustProxy }: LimitDeps): RequestHandler {
  const limit = rateLimits.address;
  const store = new MemoryStore();
  const refuse = createLimiter('address', limit, addressOf, metrics, store);
  if (limit === 0) return refuse;
  let warned = false;
  return async (request, response, next) => {
    if (trustProxy === undefined && isForwarded(request)) {
      if (!warned) logger.warn({ code: 'client_address_unknown' }, ADDRESS_UNKNOWN);
      warned = true;
      next();
      return;
    }
    const key = addressOf(request);
    const counted = await store.get(key);
    if (counted && counted.totalHits >= limit) {
      refuse(request, response, next);
      return;
    }
    response.once('close', () => {
      if (wasAnonymous(request, response)) void store.increment(key);
    });
    next();
  };
}

const ADDRESS_UNKNOWN =
  'Requests come through a proxy, and TRUST_PROXY is not set: they are not limited by address. Set TRUST_PROXY.';

/** All clients share the proxy's address, so a limit would let one of them shut out the others. */
function isForwarded({ headers }: Request): boolean {
  return headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined;
}

/** The address of the client; of IPv6 the /56, which is one customer. */
function addressOf({ ip = '' }: Request): string {
  return ipKeyGenerator(ip);
}

const EXPIRED = ['token_expired', 'session_expired'];

/** Ordinary clients also send expired tokens, and a failure of ours is not theirs. Anybody can invent the id of a key. */
function wasAnonymous({ method }: Request, { locals, statusCode }: Response): boolean {
  const { principal, code } = locals;
  if (principal || EXPIRED.includes(code) || method === 'OPTIONS') return false;
  return statusCode < 500 || code === 'token_key_pending';
}

function createLimiter(
  name: keyof RateLimits,
  limit: number,
  keyGenerator: (request: Request, response: Response) => string,
  metrics: Metrics,
  store = new MemoryStore(),
): RequestHandler {
  if (limit === 0) return (_request, _response, next) => next();
  return rateLimit({
    windowMs: WINDOW_MS,
    limit,
    identifier: name,
    keyGenerator,
    store,
    // https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: (_request, _response, next) => {
      metrics.requestsRefused.inc({ limit: name });
      next(new Problem('too_many_requests', REFUSALS[name]));
    },
  });
}

const WAIT = 'Wait as long as Retry-After says, and send the request again.';
const REFUSALS: Record<keyof RateLimits, string> = {
  user: `This user has sent too many requests. ${WAIT}`,
  machine: `This machine has sent too many requests. ${WAIT}`,
  address: `This address has sent too many requests without a valid token. ${WAIT}`,
};
