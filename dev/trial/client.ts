import { setTimeout as delay } from 'node:timers/promises';

/** One request, from its first attempt to its answer. Times are in milliseconds of the clock. */
export interface Asked {
  askedAt: number;
  answeredAt?: number;
  attempts: Attempt[];
  /** HTTP status of the answer; absent if there was none. */
  status?: number;
  // biome-ignore lint/suspicious/noExplicitAny: the body is whatever the API answered.
  body?: any;
}

interface Attempt {
  at: number;
  tookMs: number;
  /** HTTP status, or `no answer`. */
  result: string;
}

const ATTEMPT_TIMEOUT_MS = 5_000;
const BACKOFF_MS = { first: 100, longest: 2_000 };
/** Then a client gives up. */
const PATIENCE_MS = 180_000;

/** Another request changed the same document: the answer says to send the request again. */
const SEND_AGAIN = 'concurrent_update';

/**
 * Sends a request as a careful client does: the same request again, at increasing intervals, until there is an answer
 * that is one. A 5xx, a 429 and no answer are none.
 */
export async function ask(url: string, init: () => Promise<RequestInit>): Promise<Asked> {
  const asked: Asked = { askedAt: Date.now(), attempts: [] };
  for (let backoff = BACKOFF_MS.first; ; backoff = Math.min(backoff * 2, BACKOFF_MS.longest)) {
    const at = Date.now();
    const startedAt = performance.now();
    const answer = await attempt(url, await init());
    asked.attempts.push({
      at,
      tookMs: performance.now() - startedAt,
      result: String(answer?.status ?? 'no answer'),
    });
    if (answer && isAnswer(answer)) return { ...asked, ...answer, answeredAt: Date.now() };
    if (Date.now() - asked.askedAt > PATIENCE_MS) return asked;
    await delay(backoff);
  }
}

type Answer = Pick<Required<Asked>, 'status' | 'body'>;

async function attempt(url: string, init: RequestInit): Promise<Answer | undefined> {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(ATTEMPT_TIMEOUT_MS) });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function isAnswer({ status, body }: Answer): boolean {
  return status < 500 && status !== 429 && body?.code !== SEND_AGAIN;
}

export function isAccepted({ status }: Asked): boolean {
  return status !== undefined && status < 300;
}
