import type { FieldError } from '../domain/errors.js';

/** Code → HTTP status. The codes are part of the API: clients branch on them, so none changes its meaning. */
export const PROBLEM_STATUS = {
  invalid_request: 400,
  malformed_json: 400,
  unknown_campaign_event: 400,
  token_missing: 401,
  token_malformed: 401,
  token_expired: 401,
  token_not_yet_valid: 401,
  token_wrong_issuer: 401,
  token_wrong_audience: 401,
  token_wrong_party: 401,
  token_unknown_key: 401,
  token_invalid_signature: 401,
  token_not_a_session: 401,
  session_pending: 401,
  session_token_required: 403,
  machine_token_required: 403,
  insufficient_scope: 403,
  user_not_found: 404,
  conversion_not_found: 404,
  adjustment_not_found: 404,
  route_not_found: 404,
  conversion_conflict: 409,
  conversion_not_parked: 409,
  conversion_abandoned: 409,
  conversion_declined: 409,
  conversion_reversed: 409,
  conversion_settled: 409,
  concurrent_update: 409,
  no_amount: 409,
  body_too_large: 413,
  unsupported_media_type: 415,
  internal_error: 500,
  authentication_unavailable: 503,
  database_unavailable: 503,
  temporal_unavailable: 503,
} as const;

export type ProblemCode = keyof typeof PROBLEM_STATUS;

/** What the API answers instead of a result, as `application/problem+json` (RFC 9457). */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly fields: readonly FieldError[];

  constructor(
    code: ProblemCode,
    detail: string,
    options: { fields?: readonly FieldError[]; cause?: unknown } = {},
  ) {
    super(detail, { cause: options.cause });
    this.code = code;
    this.fields = options.fields ?? [];
  }

  get status(): number {
    return PROBLEM_STATUS[this.code];
  }
}
