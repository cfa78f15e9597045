import type { QueryFilter } from 'mongoose';
import { type Adjustment, parkedAdjustment } from '../domain/adjustment.js';
import { type Conversion, type ConversionStatus, conversionId } from '../domain/conversion.js';
import { DomainError } from '../domain/errors.js';
import type { Database } from '../mongo.js';

export interface ConversionFilter {
  /** `parked` also finds a conversion that keeps its own status while an adjustment of it is parked. */
  status?: ConversionStatus | undefined;
  event?: string | undefined;
  /** Of the conversion, or of its parked adjustment. */
  reason?: string | undefined;
  userId?: string | undefined;
}

export interface ConversionSummary
  extends Pick<
    Conversion,
    'campaignEventId' | 'userId' | 'status' | 'occurredAt' | 'createdAt' | 'updatedAt'
  > {
  conversionId: string;
  reason?: string | undefined;
  parkedAdjustment?: (Pick<Adjustment, 'id' | 'kind'> & { parkReason?: string | undefined }) | undefined;
  orderId?: string | undefined;
}

export interface ConversionPage {
  conversions: ConversionSummary[];
  nextCursor?: string | undefined;
}

const SUMMARY = { timeline: 0, payload: 0 } as const;
type Summarized = Omit<Conversion, keyof typeof SUMMARY>;

/**
 * Newest first, page by page; what comes in meanwhile moves nothing.
 * @throws DomainError `invalid_request` where the cursor is malformed
 */
export async function listConversions(
  db: Database,
  filter: ConversionFilter,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<ConversionPage> {
  const found = await db.conversions
    .find({ $and: [matching(filter), ...after(cursor)] }, SUMMARY)
    .sort({ createdAt: -1, _id: -1 })
    .limit(limit + 1)
    .lean<Summarized[]>();
  const conversions = found.slice(0, limit);
  const last = conversions.at(-1);
  return {
    conversions: conversions.map(summarize),
    nextCursor: last && found.length > limit ? encodeCursor(last) : undefined,
  };
}

function matching({ status, event, reason, userId }: ConversionFilter): QueryFilter<Conversion> {
  const onlyEvent = status === undefined && reason === undefined && userId === undefined;
  const everywhere = { ...(onlyEvent ? { campaignEventId: event } : { _id: event && idsOf(event) }), userId };
  const own = given({ ...everywhere, status, reason });
  if (status !== 'parked' && reason === undefined) return own;
  const adjusted = {
    ...given({ ...everywhere, status: status === 'parked' ? undefined : status }),
    'adjustments.status': 'parked' as const,
    adjustments: { $elemMatch: given({ status: 'parked', parkReason: reason }) },
  };
  return { $or: [own, adjusted] };
}

/**
 * An id begins with its event, and the indexes of the other filters end with the id, so MongoDB leaves out other events before it
 * reads their documents. `;` is the character after `:`.
 */
export function idsOf(event: string) {
  return { $gte: conversionId(event, ''), $lt: `${event};` };
}

/** MongoDB takes a condition without a value for null. */
function given(conditions: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(conditions).filter(([, value]) => value !== undefined));
}

function summarize(conversion: Summarized): ConversionSummary {
  const { _id, campaignEventId, userId, status, reason, submission, occurredAt, createdAt, updatedAt } =
    conversion;
  const parked = parkedAdjustment(conversion);
  return {
    conversionId: _id,
    campaignEventId,
    userId,
    status,
    reason,
    parkedAdjustment: parked && { id: parked.id, kind: parked.kind, parkReason: parked.parkReason },
    orderId: submission?.orderId,
    occurredAt,
    createdAt,
    updatedAt,
  };
}

/** Where a page ended. New conversions come before it, so that no page after it changes. */
type PageEnd = Pick<Conversion, 'createdAt' | '_id'>;

function after(cursor: string | undefined): QueryFilter<Conversion>[] {
  if (cursor === undefined) return [];
  const { createdAt, _id } = decodeCursor(cursor);
  return [
    // The first says where to begin in the index; the second leaves out those of the same moment.
    { createdAt: { $lte: createdAt } },
    { $or: [{ createdAt: { $lt: createdAt } }, { _id: { $lt: _id } }] },
  ];
}

/** Opaque to callers: what is in it may change. */
function encodeCursor({ createdAt, _id }: PageEnd): string {
  return Buffer.from(`${createdAt.getTime()} ${_id}`).toString('base64url');
}

function decodeCursor(cursor: string): PageEnd {
  const [, time, _id] = /^(\d{1,15}) (.+)$/s.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (time !== undefined && _id !== undefined) return { createdAt: new Date(Number(time)), _id };
  throw new DomainError(
    'invalid_request',
    'The cursor is malformed: send the nextCursor of the page before, as it is, or none for the first page.',
    { fields: [{ field: 'cursor', message: 'is malformed' }] },
  );
}
