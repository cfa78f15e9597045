import type { ImpactConfig } from '../config.js';
import type { ConversionReport } from '../domain/conversion.js';
import { PermanentImpactError, RetryableImpactError } from './errors.js';
import { type ImpactAnswer, readAnswer } from './read-answer.js';
import { retryAfterMs } from './retry-after.js';

/** Impact's words stop here: callers see a receipt, or one of two errors. */
export interface ImpactClient {
  /**
   * Impact has taken the conversion into its queue; whether it is accepted is decided there, later.
   * @throws PermanentImpactError, RetryableImpactError
   */
  submitConversion(report: ConversionReport): Promise<{ queuedUri?: string }>;
}

const API_VERSION = '14';

/** @returns null where Impact is not configured */
export function createImpactClient(config: ImpactConfig, send: typeof fetch = fetch): ImpactClient | null {
  const { credentials } = config;
  if (!credentials) return null;
  const url = `${config.baseUrl}/Advertisers/${encodeURIComponent(credentials.accountSid)}/Conversions`;
  const basic = Buffer.from(`${credentials.accountSid}:${credentials.authToken}`).toString('base64');
  const headers = { Authorization: `Basic ${basic}`, Accept: 'application/json', 'IR-Version': API_VERSION };

  return {
    async submitConversion(report) {
      const response = await exchange(() =>
        send(url, {
          method: 'POST',
          headers,
          body: encodeReport(report),
          redirect: 'manual',
          signal: AbortSignal.timeout(config.timeoutMs),
        }),
      );
      return receiptOrThrow(response);
    },
  };
}

/**
 * Form-encoded, the only content type in Impact's published v14 specification; EventDate in UTC.
 * https://integrations.impact.com/impact-brand/reference/submit-a-conversion
 */
function encodeReport(report: ConversionReport): URLSearchParams {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(report)) {
    if (value === undefined) continue;
    form.set(
      name.charAt(0).toUpperCase() + name.slice(1),
      value instanceof Date ? value.toISOString() : String(value),
    );
  }
  return form;
}

interface Exchange {
  httpStatus: number;
  headers: Headers;
  body: string;
}

async function exchange(request: () => Promise<Response>): Promise<Exchange> {
  try {
    const response = await request();
    return { httpStatus: response.status, headers: response.headers, body: await response.text() };
  } catch (cause) {
    throw transportError(cause);
  }
}

/** The connection never came about, so nothing can have arrived. Codes of Node's net, dns and tls, and of undici. */
const NEVER_CONNECTED =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_)/;

function transportError(error: unknown): RetryableImpactError {
  const { name, cause } = error as { name?: string; cause?: { code?: string; message?: string } };
  if (name === 'TimeoutError') {
    return new RetryableImpactError(
      'impact_timeout',
      'Impact did not answer in time; the request may have arrived.',
      {
        cause: error,
      },
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

function receiptOrThrow({ httpStatus, headers, body }: Exchange): { queuedUri?: string } {
  const answer = readAnswer(body);
  if (httpStatus === 401 || httpStatus === 403) {
    throw new PermanentImpactError(
      'credentials_rejected',
      `Impact rejected the credentials (HTTP ${httpStatus})${words(answer)}`,
      { httpStatus },
    );
  }
  if (httpStatus === 429) {
    throw new RetryableImpactError(
      'impact_rate_limited',
      `Impact's rate limit is reached (HTTP 429)${words(answer)}`,
      {
        httpStatus,
        notTaken: true,
        retryAfterMs: retryAfterMs(headers),
      },
    );
  }
  if (httpStatus === 408 || httpStatus >= 500) {
    throw new RetryableImpactError(
      'impact_unavailable',
      `Impact is unavailable (HTTP ${httpStatus})${words(answer)}`,
      {
        httpStatus,
      },
    );
  }
  if (answer && (httpStatus >= 400 || answer.status === 'ERROR')) {
    throw new PermanentImpactError(
      'impact_refused',
      `Impact refused the conversion (HTTP ${httpStatus})${words(answer)}`,
      {
        httpStatus,
        fields: answer.fields,
      },
    );
  }
  if (httpStatus < 300 && (answer?.status === 'QUEUED' || answer?.status === 'OK')) {
    return answer.queuedUri === undefined ? {} : { queuedUri: answer.queuedUri };
  }
  throw new RetryableImpactError(
    'impact_unreadable',
    `Impact's answer cannot be read (HTTP ${httpStatus}): ${excerpt(body)}`,
    { httpStatus },
  );
}

function words(answer: ImpactAnswer | null): string {
  const parts = [
    answer?.message,
    ...(answer?.fields ?? []).map(({ field, message }) => `${field}: ${message}`),
  ];
  const said = parts.filter(Boolean).join('; ');
  return said ? `: ${said}.` : '.';
}

function excerpt(body: string): string {
  const start = body
    .slice(0, 200)
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim();
  return start === '' ? 'it is empty.' : `"${start}"`;
}
