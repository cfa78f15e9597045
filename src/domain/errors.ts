/** Stable codes of refusals; callers and operators branch on them. A code never changes its meaning. */
export type ErrorCode =
  | 'invalid_request'
  | 'unknown_campaign_event'
  | 'user_not_found'
  | 'conversion_not_found'
  | 'conversion_conflict'
  | 'conversion_not_parked'
  | 'conversion_abandoned'
  | 'conversion_declined'
  | 'conversion_reversed'
  | 'conversion_settled'
  | 'concurrent_update'
  | 'no_amount'
  | 'temporal_unavailable';

/** A refusal that the caller can act on. `message` says what to do next. */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  readonly code: ErrorCode;
  readonly fields: readonly FieldError[];

  constructor(
    code: ErrorCode,
    message: string,
    options: { fields?: readonly FieldError[]; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.fields = options.fields ?? [];
  }
}

export interface FieldError {
  field: string;
  message: string;
}
