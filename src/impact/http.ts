import { basicValue, type ImpactConnection, type ImpactCredentials } from '../config.js';
import { createRedact, type Redact } from '../redact.js';
import { PermanentImpactError, RetryableImpactError } from './errors.js';
import { type ObserveImpact, observed } from './observe.js';
import { type ImpactAnswer, readAnswer } from './read-answer.js';
import { retryAfterMs } from './retry-after.js';

/** Impact's answer to a request that it did not refuse. */
export interface Exchange {
  httpStatus: number;
  body: string;
  /** For the parts of `body` that go into an error. */
  redact: Redact;
}

/** `method` is POST by default if there is a form. @throws PermanentImpactError, RetryableImpactError */
export type Call = (path: string, form?: URLSearchParams, method?: 'PUT' | 'DELETE') => Promise<Exchange>;

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
  const headers = {
    Authorization: `Basic ${basic}`,
    Accept: 'application/json',
    'IR-Version': API_VERSION,
  };
  const redact = createRedact([credentials.authToken, basic]);
  return async (path, form, method) => {
    const request = {
      ...(form ? { method: method ?? 'POST', body: form } : { method: 'GET' }),
      headers,
      redirect: 'manual',
    } as const;
    const signal = AbortSignal.timeout(config.timeoutMs);
    const response = await observed(observe, { path, method: request.method }, () =>
      exchange(() => send(account + path, { ...request, signal })),
    );
    const answered = { ...response, redact };
    throwUnlessAccepted(answered);
    return answered;
  };
}

export function unreadable({ httpStatus, body, redact }: Exchange): RetryableImpactError {
  const start = redact(body)
    .slice(0, 200)
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim();
  return new RetryableImpactError(
    'impact_unreadable',
    `Impact's answer cannot be read (HTTP ${httpStatus}): ${start === '' ? 'it is empty.' : `"${start}"`}`,
    { httpStatus, notTaken: httpStatus >= 300 },
  );
}

interface RawExchange {
  httpStatus: number;
  headers: Headers;
  body: string;
}

async function exchange(request: () => Promise<Response>): Promise<RawExchange> {
  try {
    const response = await request();
    return { httpStatus: response.status, headers: response.headers, body: await response.text() };
  } catch (cause) {
    throw transportError(cause);
  }
}

/** Codes of Node's net, dns and tls, and of undici: no connection was made, so nothing can have arrived. */
const NEVER_CONNECTED =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_)/;

function transportError(error: unknown): RetryableImpactError {
  const { name, cause } = error as { name?: string; cause?: { code?: string; message?: string } };
  if (name === 'TimeoutError') {
    return new RetryableImpactError(
      'impact_timeout',
      'Impact did not answer in time; the request may have arrived.',
      { cause: error },
    );
  }
  const reason = cause?.code ?? cause?.message ?? String(error);
  if (NEVER_CONNECTED.test(reason)) {
    return new RetryableImpactError('impact_unreachable', `No connection to Impact (${reason}).`, {
      cause: error,
      notTaken: true,
    });
  }
  return new RetryableImpactError(
    'impact_unavailable',
    `The connection to Impact broke (${reason}); the request may have arrived.`,
    { cause: error },
  );
}

/** A gateway got no answer: the server behind it may have taken the request. */
const GATEWAY_STATUSES = [502, 504];

function throwUnlessAccepted(exchange: Exchange & RawExchange): void {
  const { httpStatus, headers, body, redact } = exchange;
  const answer = redactAnswer(readAnswer(body), redact);
  const quoted = quote(answer);
  if (httpStatus === 401 || httpStatus === 403) {
    const message = `Impact rejected the credentials (HTTP ${httpStatus})${quoted}`;
    throw new PermanentImpactError('credentials_rejected', message, { httpStatus });
  }
  if (httpStatus === 429) {
    const message = `Impact's rate limit is reached (HTTP 429)${quoted}`;
    const wait = { notTaken: true, retryAfterMs: retryAfterMs(headers) };
    throw new RetryableImpactError('impact_rate_limited', message, { httpStatus, ...wait });
  }
  if (httpStatus === 408 || httpStatus >= 500) {
    const message = `Impact is unavailable (HTTP ${httpStatus})${quoted}`;
    const notTaken = !GATEWAY_STATUSES.includes(httpStatus);
    throw new RetryableImpactError('impact_unavailable', message, { httpStatus, notTaken });
  }
  if (answer && (httpStatus >= 400 || answer.status === 'ERROR')) {
    const message = `Impact refused the request (HTTP ${httpStatus})${quoted}`;
    throw new PermanentImpactError('impact_refused', message, { httpStatus, fields: answer.fields });
  }
  if (httpStatus >= 300) throw unreadable(exchange);
}

function quote(answer: ImpactAnswer | null): string {
  const fields = (answer?.fields ?? []).map(({ field, message }) => `${field}: ${message}`);
  const text = [answer?.message, ...fields].filter(Boolean).join('; ');
  return text ? `: ${text}.` : '.';
}

function redactAnswer(answer: ImpactAnswer | null, redact: Redact): ImpactAnswer | null {
  return (
    answer && {
      ...answer,
      message: answer.message === undefined ? undefined : redact(answer.message),
      fields: answer.fields.map(({ field, message }) => ({ field: redact(field), message: redact(message) })),
    }
  );
}
