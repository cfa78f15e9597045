import type { components } from './schema.js';

/** The body of an error answer. https://www.rfc-editor.org/rfc/rfc9457 */
export type Problem = components['schemas']['Problem'];

/** The API answered with an error. */
export class AffiliateError extends Error {
  override readonly name = 'AffiliateError';
  readonly status: number;
  /** Stable: branch on this. Absent if a server in front of the API answered. */
  readonly code: string | undefined;
  /** What happened, and what to do next. */
  readonly detail: string;
  /** The fields that an `invalid_request` is about. */
  readonly errors: readonly { field: string; message: string }[];

  /** @param answered the body, which is no problem if a server in front of the API answered */
  constructor({ status }: Response, answered: unknown) {
    const problem = isProblem(answered) ? answered : undefined;
    const { code, detail = String(answered ?? '').slice(0, 200), errors = [] } = problem ?? {};
    const fields = errors.map(({ field, message }) => ` ${field}: ${message}.`);
    super(`The API answered ${[status, code].filter(Boolean).join(' ')}: ${detail}${fields.join('')}`, {
      cause: answered,
    });
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.errors = errors;
  }
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'code' in body && 'detail' in body;
}

interface Answer {
  data?: unknown;
  error?: unknown;
  response: Response;
}

/** An answer without a body has `undefined`. */
type DataOf<A extends Answer> = [Success<A>['data']] extends [never] ? undefined : Success<A>['data'];

type Success<A extends Answer> = Extract<A, { error?: never }>;

/**
 * Of a call of the client.
 * @throws AffiliateError for an error answer
 */
export async function dataOf<A extends Answer>(call: Promise<A>): Promise<DataOf<A>> {
  const { data, error, response } = await call;
  if (!response.ok) throw new AffiliateError(response, error);
  return data as DataOf<A>;
}

/** The code of an error answer with this status. The answer can still be read. */
export async function codeOf(response: Response, status: number): Promise<string | undefined> {
  if (response.status !== status) return undefined;
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => undefined);
  return isProblem(body) ? body.code : undefined;
}
