import { basicValue, type ImpactConnection, type ImpactCredentials } from '../config.js';
import { cut } from '../domain/foreign-text.js';
import { createRedact, type Redact } from '../redact.js';
import { PermanentImpactError, RetryableImpactError } from './errors.js';
import type { ObserveImpact } from './observe.js';
import { type ImpactAnswer, readAnswer } from './read-answer.js';
import { type Body, readBody } from './read-body.js';
import { retryAfterMs } from './retry-after.js';

/** Impact's answer to a request that it did not refuse. */
export interface Exchange extends Body {
  httpStatus: number;
  /** For the parts of `body` that go into an error. */
  redact: Redact;
}

interface CallOptions {
  /** By default POST if there is a form. */
  method?: 'PUT' | 'DELETE';
  /** Impact may repeat them in its answer, whose texts go into Temporal's histories, where no erasure reaches them. */
  personal?: readonly (string | undefined)[];
}

/** @throws PermanentImpactError, RetryableImpactError */
export type Call = (path: string, form?: URLSearchParams, options?: CallOptions) => Promise<Exchange>;

const API_VERSION = '14';

/** Sends every request to Impact: authentication, time limit, and the meaning of each HTTP status. */
export function createCall(
  config: ImpactConnection,
  credentials: ImpactCredentials,
  send: typeof fetch,
  observe: ObserveImpact,
): Call {
  const account = `${config.baseUrl}/Advertisers/${encodeURIComponent(credentials.accountSid)}`;
  const basic = basicValue(credentials);
  const headers = { Authorization: `Basic ${basic}`, Accept: 'application/json', 'IR-Version': API_VERSION };
  const secrets = [credentials.authToken, basic];

  async function exchange(path: string, body: URLSearchParams | null, method: string, isPage: boolean) {
    const signal = AbortSignal.timeout(config.timeoutMs);
    const response = await send(account + path, { method, body, headers, redirect: 'manual', signal });
    const { status: httpStatus, headers: answered } = response;
    return { httpStatus, headers: answered, ...(await readBody(response, isPage)) };
  }

  return async (path, form, options = {}) => {
    const method = options.method ?? (form ? 'POST' : 'GET');
    const personal = options.personal?.filter((text) => text !== undefined) ?? [];
    const resource = /^\/(\w+)/.exec(path)?.[1] ?? 'none';
    const isPage = resource === 'Actions' && method === 'GET';
    const startedAt = performance.now();
    const report = (status: string) =>
      observe({ resource, method, status, durationSeconds: (performance.now() - startedAt) / 1_000 });
    const answered = await exchange(path, form ?? null, method, isPage).catch((cause: unknown) => {
      const error = transportError(cause);
      report(error.code);
      throw error;
    });
    report(String(answered.httpStatus));
    const redacted = { ...answered, redact: createRedact([...secrets, ...personal]) };
    throwUnlessAccepted(redacted);
    return redacted;
  };
}

export function unreadable(exchange: Exchange): RetryableImpactError {
  const { httpStatus } = exchange;
  const message = `Impact's answer cannot be read (HTTP ${httpStatus}): ${startOf(exchange)}`;
  return new RetryableImpactError('impact_unreadable', message, { httpStatus, notTaken: httpStatus >= 300 });
}

/** As much of the body as is redacted. Of that, a message has the first 200 characters. */
const START = 20_000;

function startOf({ body, isCut, redact }: Exchange): string {
  const start = redact(body.slice(0, START))
    .slice(0, 200)
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim();
  if (start === '') return 'it is empty.';
  return isCut ? `it is too long, and begins with "${start}"` : `"${start}"`;
}

/** Codes of Node's net, dns and tls, and of undici: no connection was made, so nothing can have arrived. */
const NEVER_CONNECTED =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_)/;

function transportError(error: unknown): RetryableImpactError {
  const { name, cause } = error as { name?: string; cause?: { code?: string; message?: string } };
  if (name === 'TimeoutError') {
    const message = 'Impact did not answer in time; the request may have arrived.';
    return new RetryableImpactError('impact_timeout', message, { cause: error });
  }
  const reason = cut(cause?.code ?? cause?.message ?? String(error));
  if (NEVER_CONNECTED.test(reason)) {
    const message = `No connection to Impact (${reason}).`;
    return new RetryableImpactError('impact_unreachable', message, { cause: error, notTaken: true });
  }
  const message = `The connection to Impact broke (${reason}); the request may have arrived.`;
  return new RetryableImpactError('impact_unavailable', message, { cause: error });
}

/** A gateway got no answer: the server behind it may have taken the request. */
const GATEWAY_STATUSES = [502, 504];

function throwUnlessAccepted(exchange: Exchange & { headers: Headers }): void {
  const { httpStatus, headers } = exchange;
  const answer = readAnswer(exchange);
  const quoting = (what: string) => cut(`${what} (HTTP ${httpStatus})${quote(answer)}`);
  if (httpStatus === 401 || httpStatus === 403) {
    const message = quoting('Impact rejected the credentials');
    throw new PermanentImpactError('credentials_rejected', message, { httpStatus });
  }
  if (httpStatus === 429) {
    const message = quoting("Impact's rate limit is reached");
    const wait = { notTaken: true, retryAfterMs: retryAfterMs(headers) };
    throw new RetryableImpactError('impact_rate_limited', message, { httpStatus, ...wait });
  }
  if (httpStatus === 408 || httpStatus >= 500) {
    const notTaken = !GATEWAY_STATUSES.includes(httpStatus);
    const message = quoting('Impact is unavailable');
    throw new RetryableImpactError('impact_unavailable', message, { httpStatus, notTaken });
  }
  if (answer && (httpStatus >= 400 || answer.status === 'ERROR')) {
    const message = quoting('Impact refused the request');
    throw new PermanentImpactError('impact_refused', message, { httpStatus, fields: answer.fields });
  }
  if (exchange.isCut && httpStatus >= 400) {
    // Trying again changes nothing; a proxy's page, which might go away, is shorter.
    const message = `Impact refused the request (HTTP ${httpStatus}): ${startOf(exchange)}`;
    throw new PermanentImpactError('impact_refused', message, { httpStatus });
  }
  if (httpStatus >= 300) throw unreadable(exchange);
}

function quote(answer: ImpactAnswer | null): string {
  const fields = (answer?.fields ?? []).map(({ field, message }) => `${field}: ${message}`);
  const text = [answer?.message, ...fields].filter(Boolean).join('; ');
  return text ? `: ${text.replace(/\.?$/, '.')}` : '.';
}
