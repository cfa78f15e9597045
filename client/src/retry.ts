import { codeOf } from './problem.js';

export type Fetch = (request: Request) => Promise<Response>;

/** How often a request is sent, and until when. Times are in milliseconds. */
export interface RetryOptions {
  /** How often a request is sent at most: 8. */
  attempts?: number;
  /** How long one attempt waits for the beginning of an answer: 10,000. */
  timeoutMs?: number;
  /** How long all attempts wait together, with the pauses between them: 30,000. */
  withinMs?: number;
  /** The first pause at most: 200. Each pause may be twice as long as the one before, up to 5,000. */
  pauseMs?: number;
}

const LONGEST_PAUSE_MS = 5_000;

/** `too_many_requests`, and what is unavailable for a while: a system behind the API, or for a proxy the API itself. */
const RETRYABLE = [429, 502, 503, 504];

/**
 * Sends the same request again, after growing pauses, until there is an answer that is one. The API's requests are
 * idempotent. The request itself stays unsent, so that it can be sent once more.
 */
export function persistent(
  send: Fetch,
  { attempts = 8, timeoutMs = 10_000, withinMs = 30_000, pauseMs = 200 }: RetryOptions = {},
): Fetch {
  return async (request) => {
    const end = Date.now() + withinMs;
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await sendOnce(send, request, Math.min(timeoutMs, end - Date.now()));
      const isLast = attempt >= attempts || request.signal.aborted;
      const longest = Math.min(pauseMs * 2 ** (attempt - 1), LONGEST_PAUSE_MS);
      const pause = retryAfterMs(outcome) + longest * (0.5 + Math.random() / 2);
      if (isLast || Date.now() + pause > end || !(await isRetryable(outcome))) return settle(outcome);
      if ('response' in outcome) await outcome.response.body?.cancel();
      await wait(pause, request.signal);
    }
  };
}

type Outcome = { response: Response } | { error: unknown };

function settle(outcome: Outcome): Response {
  if ('error' in outcome) throw outcome.error;
  return outcome.response;
}

async function sendOnce(send: Fetch, request: Request, timeoutMs: number): Promise<Outcome> {
  // Vercel's edge runtime has no `AbortSignal.any`.
  const attempt = new AbortController();
  const stop = () => attempt.abort(request.signal.reason);
  const late = () => attempt.abort(new DOMException(`No answer within ${timeoutMs} ms`, 'TimeoutError'));
  if (request.signal.aborted) stop();
  request.signal.addEventListener('abort', stop, { once: true });
  const timer = setTimeout(late, timeoutMs);
  try {
    return { response: await send(new Request(request.clone(), { signal: attempt.signal })) };
  } catch (error) {
    return { error };
  } finally {
    // The answer itself may be long: only its beginning is waited for.
    clearTimeout(timer);
  }
}

async function isRetryable(outcome: Outcome): Promise<boolean> {
  if ('error' in outcome) return true;
  const { response } = outcome;
  return RETRYABLE.includes(response.status) || (await codeOf(response, 409)) === 'concurrent_update';
}

/** Seconds, or a date. https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
function retryAfterMs(outcome: Outcome): number {
  const value = 'response' in outcome ? outcome.response.headers.get('Retry-After') : null;
  if (value === null) return 0;
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
  return Math.max(ms || 0, 0);
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
}
