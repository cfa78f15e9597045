import type { FieldError } from '../domain/errors.js';

/** Why a conversion did not reach Impact. Also the park reasons of conversions that wait for a human. */
export type ImpactErrorCode =
  | 'impact_refused'
  | 'credentials_rejected'
  | 'impact_rate_limited'
  | 'impact_unavailable'
  | 'impact_unreachable'
  | 'impact_timeout'
  | 'impact_unreadable';

export interface ImpactErrorOptions {
  httpStatus?: number;
  fields?: readonly FieldError[];
  cause?: unknown;
}

abstract class ImpactError extends Error {
  readonly code: ImpactErrorCode;
  readonly httpStatus: number | undefined;
  readonly fields: readonly FieldError[];
  /** Impact has certainly not taken the conversion: it was never sent, or the answer refused it. */
  abstract readonly notTaken: boolean;

  constructor(code: ImpactErrorCode, message: string, options: ImpactErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.httpStatus = options.httpStatus;
    this.fields = options.fields ?? [];
  }
}

/** Trying again without a change would be refused again: a human has to look. */
export class PermanentImpactError extends ImpactError {
  override readonly name = 'PermanentImpactError';
  override readonly notTaken = true;
}

/** Worth another try, after `retryAfterMs` where Impact has said how long to wait. */
export class RetryableImpactError extends ImpactError {
  override readonly name = 'RetryableImpactError';
  override readonly notTaken: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(
    code: ImpactErrorCode,
    message: string,
    options: ImpactErrorOptions & { notTaken?: boolean; retryAfterMs?: number | undefined } = {},
  ) {
    super(code, message, options);
    this.notTaken = options.notTaken ?? false;
    this.retryAfterMs = options.retryAfterMs;
  }
}
