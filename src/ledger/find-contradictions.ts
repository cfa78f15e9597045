import type { QueryFilter } from 'mongoose';
import { UNSENT_ADJUSTMENT_STATUSES } from '../domain/adjustment.js';
import { type Conversion, campaignEventIdOf, conversionId, UNSETTLED } from '../domain/conversion.js';
import { FOLLOW_MS } from '../domain/next-step.js';
import type { CampaignEvent } from '../domain/programme/event.js';
import type { Programme } from '../domain/programme/programme.js';
import type { Database } from '../mongo.js';

/** Conversions that are not finished, and that the programme would not let a worker finish. */
export interface Contradiction {
  eventId: string;
  /** The type that the event has now. Without one, the programme does not have the event. */
  type?: string | undefined;
  /** How many conversions of the event are not finished. */
  count: number;
  example: string;
}

/**
 * Compares the programme with the unfinished conversions of each event. While any of them is unfinished, no process starts with
 * another type of its event, so the first and the last of them show whether the type has changed.
 */
export async function findContradictions(db: Database, programme: Programme): Promise<Contradiction[]> {
  const open = await countOpen(db, new Date());
  const ids = open.flatMap(({ first, last }) => [first, last]);
  const samples = await db.conversions.find({ _id: { $in: ids } }, { userId: 1, payload: 1 }).lean();
  const byEvent = open.toSorted((one, other) => one.eventId.localeCompare(other.eventId));
  return byEvent.flatMap(({ eventId, count }) => {
    const event = programme.find(eventId);
    const example = samples.find(
      (sample) => campaignEventIdOf(sample._id) === eventId && !(event && isOfType(event, sample)),
    );
    return example ? [{ eventId, type: event?.type, count, example: example._id }] : [];
  });
}

/** An event of this type would have made this id of the conversion. */
export function isOfType(
  event: CampaignEvent,
  conversion: Pick<Conversion, '_id' | 'userId' | 'payload'>,
): boolean {
  return conversion._id === conversionId(event.id, event.key(conversion));
}

interface OpenConversions {
  eventId: string;
  count: number;
  first: string;
  last: string;
}

/** MongoDB reads keys of indexes alone, except for adjustments that Impact has queued. */
function countOpen({ conversions }: Database, now: Date): Promise<OpenConversions[]> {
  return conversions.aggregate<OpenConversions>([
    { $match: isOpen(now) },
    {
      $group: {
        _id: { $first: { $split: ['$_id', ':'] } },
        count: { $sum: 1 },
        first: { $min: '$_id' },
        last: { $max: '$_id' },
      },
    },
    { $project: { _id: 0, eventId: '$_id', count: 1, first: 1, last: 1 } },
  ]);
}

/** As in `findUnfinished`. An API does not know whether the workers ask Impact for outcomes. */
function isOpen(now: Date): QueryFilter<Conversion> {
  const updatedAt = { $gt: new Date(now.getTime() - FOLLOW_MS) };
  const followUntil = { $gt: now };
  return {
    $or: [
      { status: { $in: UNSETTLED } },
      { status: 'submitted', updatedAt, 'submission.followUntil': followUntil },
      { 'adjustments.status': { $in: UNSENT_ADJUSTMENT_STATUSES } },
      {
        'adjustments.status': 'submitted',
        adjustments: { $elemMatch: { status: 'submitted', followUntil } },
        updatedAt,
      },
    ],
  };
}
