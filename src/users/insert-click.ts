import type { ClientSession } from 'mongoose';
import { ATTRIBUTION_HISTORY_LENGTH, type Click } from '../domain/attribution.js';
import type { AttributionPolicy } from '../domain/programme/schema.js';
import type { Database } from '../mongo.js';
import { clicksOf } from './clicks.js';
import type { User } from './user.model.js';

export interface PlacedClick {
  click: Click;
  policy: AttributionPolicy;
  /** It is captured now: it comes last, whatever the clocks of other processes say. */
  isLatest: boolean;
}

/**
 * One write, so that two clicks at once are both kept, in order: an older click that is reported late takes its place before
 * the newer ones, and never becomes the newest. The first click stays, as a programme may credit it.
 * @returns null if the same click stands there already
 */
export function insertClick(
  { users }: Database,
  session: ClientSession,
  user: User,
  { click, policy, isLatest }: PlacedClick,
): Promise<User | null> {
  const known = { $ifNull: ['$attributionHistory', { $literal: clicksOf(user).clicks }] };
  const captured = (comparison: '$lte' | '$gt') => ({
    $filter: { input: known, cond: { [comparison]: ['$$this.capturedAt', click.capturedAt] } },
  });
  const [before, after] = isLatest ? [known, []] : [captured('$lte'), captured('$gt')];
  const isAnother = (neighbour: object) => ({
    $ne: [{ $getField: { field: 'clickId', input: neighbour } }, { $literal: click.clickId }],
  });
  const isFull = { $gt: [{ $size: '$attributionHistory' }, ATTRIBUTION_HISTORY_LENGTH] };
  const newest = { $slice: ['$attributionHistory', 1 - ATTRIBUTION_HISTORY_LENGTH] };
  const shortened = { $concatArrays: [{ $slice: ['$attributionHistory', 1] }, newest] };
  const credited =
    policy === 'first_click' ? { $first: '$attributionHistory' } : { $last: '$attributionHistory' };
  return users
    .findOneAndUpdate(
      { _id: user._id, $expr: { $and: [isAnother({ $last: [before] }), isAnother({ $first: [after] })] } },
      [
        { $set: { attributionHistory: { $concatArrays: [before, [{ $literal: click }], after] } } },
        {
          $set: {
            'attribution.impact.clickId': { $getField: { field: 'clickId', input: credited } },
            'attribution.impact.capturedAt': { $getField: { field: 'capturedAt', input: credited } },
            attributionHistory: { $cond: [isFull, shortened, '$attributionHistory'] },
            hasForgottenClicks: { $cond: [isFull, true, { $ifNull: ['$hasForgottenClicks', '$$REMOVE'] }] },
            updatedAt: new Date(),
          },
        },
      ],
      { session, returnDocument: 'after', updatePipeline: true },
    )
    .lean();
}
