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
  notTaken?: boolean;
  retryAfterMs?: number | undefined;
  cause?: unknown;
}

abstract class ImpactError extends CodedError<ImpactErrorCode> {
  readonly httpStatus: number | undefined;
  /** Impact has certainly not taken the conversion: the request was never sent, or the answer refused it. */
  readonly notTaken: boolean;
  /** The wait that Impact's answer names. */
  readonly retryAfterMs: number | undefined;

  constructor(code: ImpactErrorCode, message: string, options: ImpactErrorOptions = {}) {
    super(code, message, options);
    this.httpStatus = options.httpStatus;
    this.notTaken = options.notTaken ?? false;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Impact would refuse the same request again: an operator has to look at it. */
export class PermanentImpactError extends ImpactError {
  override readonly name = 'PermanentImpactError';
  override readonly notTaken = true;
}

/** A retry can succeed, after `retryAfterMs` if there is one. */
export class RetryableImpactError extends ImpactError {
  override readonly name = 'RetryableImpactError';
}
