import createClient, { type Client, type HeadersOptions } from 'openapi-fetch';
import { codeOf } from './problem.js';
import { type Fetch, persistent, type RetryOptions } from './retry.js';
import type { paths } from './schema.js';

/** Asked before each request. With `renew`, the API has refused the last one as expired: a cached token is of no use. */
export type TokenSource = (options: { renew: boolean }) => OrPromise<string | null | undefined>;

type OrPromise<T> = T | Promise<T>;

export interface AffiliateClientOptions {
  /** Of the API: `https://affiliate.example.com`. */
  baseUrl: string;
  /** A user's session token, or the token of a machine. Without one, the API answers 401 `token_missing`. */
  token: string | TokenSource;
  /** Sent with each request, such as `affiliateHeaders(await cookies())`. */
  headers?: HeadersOptions;
  /** By default the global one. */
  fetch?: Fetch;
  retry?: RetryOptions;
}

export type AffiliateClient<Paths extends object = paths> = Client<Paths>;

/**
 * A client of the API: its methods are those of HTTP, and take the paths of /openapi.json.
 * `createAffiliateClient<paths>(…)` has the types of another programme, generated from its own /openapi.json.
 */
export function createAffiliateClient<Paths extends object = paths>({
  token,
  fetch = (request) => globalThis.fetch(request),
  retry,
  ...options
}: AffiliateClientOptions): AffiliateClient<Paths> {
  const send = persistent(fetch, retry);
  return createClient<Paths>({
    ...options,
    ...NO_STORE,
    bodySerializer,
    async fetch(request) {
      await authorize(request, token, false);
      if (!isRepeatable(request)) return fetch(request);
      const response = await send(request);
      if (typeof token === 'string' || (await codeOf(response, 401)) !== 'token_expired') return response;
      await authorize(request, token, true);
      return send(request);
    },
  });
}

/** Each answer is about one caller, and Next.js 14 would keep some. */
const NO_STORE = { cache: 'no-store' } as const;

async function authorize({ headers }: Request, source: string | TokenSource, renew: boolean): Promise<void> {
  const token = typeof source === 'string' ? source : await source({ renew });
  if (token) headers.set('Authorization', `Bearer ${token}`);
}

/** A body in another form than JSON may be a stream of any length, which can be read once. */
function isRepeatable({ headers }: Request): boolean {
  const type = headers.get('Content-Type');
  return type === null || type.startsWith('application/json');
}

/** A text or a stream is sent as it is: lines of JSON, for a route that takes them. */
function bodySerializer(body: unknown): unknown {
  return typeof body === 'string' || body instanceof ReadableStream ? body : JSON.stringify(body);
}
