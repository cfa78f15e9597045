import { CodedError, type FieldError } from '../domain/errors.js';

/** Why a request to Impact failed. Also used as park reasons. */
export type ImpactErrorCode =
  | 'impact_refused'
  | 'credentials_rejected'
  | 'impact_rate_limited'
  | 'impact_unavailable'
  | 'impact_unreachable'
  | 'impact_timeout'
  | 'impact_unreadable';

interface ImpactErrorOptions {
  httpStatus?: number;
  fields?: readonly FieldError[];
  cause?: unknown;
}

abstract class ImpactError extends CodedError<ImpactErrorCode> {
  readonly httpStatus: number | undefined;
  /** Impact has certainly not taken the conversion: the request was never sent, or the answer refused it. */
  abstract readonly notTaken: boolean;

  constructor(code: ImpactErrorCode, message: string, options: ImpactErrorOptions = {}) {
    super(code, message, options);
    this.httpStatus = options.httpStatus;
  }
}

/** Impact would refuse the same request again: an operator has to look at it. */
export class PermanentImpactError extends ImpactError {
  override readonly name = 'PermanentImpactError';
  override readonly notTaken = true;
}

/** A retry can succeed, after `retryAfterMs` if Impact's answer names a wait. */
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
