import { Types } from 'mongoose';
import { type Adjustment, wantedAmount } from '../domain/adjustment.js';
import type { Conversion } from '../domain/conversion.js';
import type { ExpectedOne } from './transition.js';

type Read = Pick<Conversion, '_id' | 'status' | 'reason' | 'submission' | 'adjustments'>;

/**
 * What a new adjustment rests on: the conversion's state and its reversals, and of a new amount the newest one. So the
 * amounts that are not abandoned stay in the order of their times. A reversal does not wait for amounts.
 */
export function expectedFor(conversion: Read, { kind }: Pick<Adjustment, 'kind'>): ExpectedOne {
  const { _id, status, reason, submission, adjustments = [] } = conversion;
  const all = { $ifNull: ['$adjustments', []] };
  const reversals = { $filter: { input: all, cond: { $eq: ['$$this.kind', 'reversal'] } } };
  const asRead = { $eq: [{ $size: reversals }, countReversals(adjustments)] };
  return {
    _id,
    status,
    reason: reason ?? null,
    'submission.state': submission?.state ?? null,
    // An abandoned reversal is none.
    adjustments: { $not: { $elemMatch: { kind: 'reversal', status: { $ne: 'abandoned' } } } },
    $expr: kind === 'amount' ? { $and: [asRead, isNewest(all, wantedAmount(conversion)?.id)] } : asRead,
  };
}

/** @param id of the newest amount that is not abandoned, if there is one */
function isNewest(all: object, id: string | undefined) {
  const cond = { $and: [{ $eq: ['$$this.kind', 'amount'] }, { $ne: ['$$this.status', 'abandoned'] }] };
  const newest = { $last: { $filter: { input: all, cond } } };
  return { $let: { vars: { newest }, in: { $eq: [{ $ifNull: ['$$newest.id', null] }, id ?? null] } } };
}

/** Amounts that arrive at the same moment get different ids, whatever each request has read. */
export function newAdjustmentId({ adjustments = [] }: Read, { kind }: Pick<Adjustment, 'kind'>): string {
  return kind === 'amount' ? `amount-${new Types.ObjectId()}` : `reversal-${countReversals(adjustments) + 1}`;
}

function countReversals(adjustments: readonly Adjustment[]): number {
  return adjustments.filter(({ kind }) => kind === 'reversal').length;
}
