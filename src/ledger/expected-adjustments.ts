import { Types } from 'mongoose';
import type { Adjustment } from '../domain/adjustment.js';
import type { Conversion } from '../domain/conversion.js';
import type { AdjustmentRequest } from './request-adjustment.js';
import type { ExpectedOne } from './transition.js';

type Read = Pick<Conversion, '_id' | 'status' | 'submission' | 'adjustments'>;

/**
 * What a new adjustment rests on: the conversion's state and its reversals, and that this amount is not the newest one
 * already. Other amounts that arrive at the same moment do not matter, so they never keep each other from being written.
 */
export function expectedFor(
  { _id, status, submission, adjustments = [] }: Read,
  request: AdjustmentRequest,
): ExpectedOne {
  const all = { $ifNull: ['$adjustments', []] };
  const reversals = { $filter: { input: all, cond: { $eq: ['$$this.kind', 'reversal'] } } };
  const asRead = { $eq: [{ $size: reversals }, countReversals(adjustments)] };
  return {
    _id,
    status,
    'submission.state': submission?.state ?? null,
    // An abandoned reversal is none.
    adjustments: { $not: { $elemMatch: { kind: 'reversal', status: { $ne: 'abandoned' } } } },
    $expr: request.kind === 'amount' ? { $and: [asRead, isAnother(all, request.totalAmountCents)] } : asRead,
  };
}

function isAnother(all: object, totalAmountCents: number) {
  const another = { $ne: ['$$newest.totalAmountCents', totalAmountCents] };
  const isAbandoned = { $eq: ['$$newest.status', 'abandoned'] };
  return { $let: { vars: { newest: { $last: all } }, in: { $or: [another, isAbandoned] } } };
}

/** Amounts that arrive at the same moment get different ids, whatever each request has read. */
export function newAdjustmentId({ adjustments = [] }: Read, { kind }: AdjustmentRequest): string {
  return kind === 'amount' ? `amount-${new Types.ObjectId()}` : `reversal-${countReversals(adjustments) + 1}`;
}

function countReversals(adjustments: readonly Adjustment[]): number {
  return adjustments.filter(({ kind }) => kind === 'reversal').length;
}
