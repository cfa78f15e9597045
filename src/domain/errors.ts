/** Stable codes of refusals; callers and operators branch on them. A code never changes its meaning. */
export type ErrorCode =
  | 'invalid_request'
  | 'unknown_campaign_event'
  | 'conversion_not_found'
  | 'adjustment_not_found'
  | 'audit_not_found'
  | 'finding_not_found'
  | 'finding_closed'
  | 'user_not_found'
  | 'user_erased'
  | 'conversion_conflict'
  | 'conversion_not_parked'
  | 'conversion_abandoned'
  | 'conversion_declined'
  | 'conversion_reversed'
  | 'conversion_settled'
  | 'concurrent_update'
  | 'no_amount'
  | 'amount_too_high'
  | 'start_refused'
  | 'preview_changed'
  | 'batch_running'
  | 'stripe_signature_invalid'
  | 'stripe_event_unreadable'
  | 'database_unavailable'
  | 'temporal_unavailable';

interface CodedErrorOptions {
  fields?: readonly FieldError[];
  members?: Readonly<Record<string, unknown>>;
  cause?: unknown;
}

export class CodedError<Code extends string> extends Error {
  readonly code: Code;
  readonly fields: readonly FieldError[];
  /** What the caller needs beside the words, by its names in the answer. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(code: Code, message: string, options: CodedErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.fields = options.fields ?? [];
    this.members = options.members ?? {};
  }
}

/** A refusal that the caller can act on. `message` names the next step. */
export class DomainError extends CodedError<ErrorCode> {
  override readonly name = 'DomainError';

  /** The same request may succeed a moment later. */
  get isTransient(): boolean {
    return TRANSIENT.includes(this.code);
  }
}

const TRANSIENT: readonly ErrorCode[] = ['concurrent_update', 'database_unavailable', 'temporal_unavailable'];

export interface FieldError {
  field: string;
  message: string;
}
