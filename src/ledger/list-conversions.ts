import type { QueryFilter } from 'mongoose';
import { type Adjustment, parkedAdjustment } from '../domain/adjustment.js';
import { type Conversion, type ConversionStatus, conversionId } from '../domain/conversion.js';
import { outcomeOf } from '../domain/outcome.js';
import type { Database } from '../mongo.js';
import { afterCursor, encodeCursor, mergePages, pageSort } from './page.js';
import type { TimeWindow } from './walk-conversions.js';

export interface ConversionFilter {
  /** `parked` also finds a conversion that keeps its own status while an adjustment of it is parked. */
  status?: ConversionStatus | undefined;
  event?: string | undefined;
  /** Of the conversion, or of its parked adjustment. */
  reason?: string | undefined;
  userId?: string | undefined;
  userIds?: readonly string[] | undefined;
  /** The click that the conversion is credited to. */
  clickId?: string | undefined;
  /** No other ones than these. */
  ids?: readonly string[] | undefined;
  /** When they happened. The list is then in the order of these times. */
  occurred?: Partial<TimeWindow> | undefined;
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
  clickId?: string | undefined;
  /** When its user was erased. */
  erasedAt?: Date | undefined;
  /** In an affiliate manager's words. */
  outcome: string;
}

export interface ConversionPage {
  conversions: ConversionSummary[];
  nextCursor?: string | undefined;
}

export interface PageRequest {
  cursor?: string | undefined;
  limit: number;
}

const SUMMARY = { timeline: 0, payload: 0 } as const;

/**
 * Newest first, page by page; what comes in meanwhile moves nothing.
 * @throws DomainError `invalid_request` where the cursor is malformed
 */
export async function listConversions(
  db: Database,
  filter: ConversionFilter,
  page: PageRequest,
): Promise<ConversionPage> {
  const { conversions, nextCursor } = await readPage(db, filter, page, SUMMARY);
  return { conversions: conversions.map(summarize), nextCursor };
}

/** The conversions themselves, without the fields of `leftOut`. */
export async function readPage<Field extends keyof Conversion>(
  db: Database,
  filter: ConversionFilter,
  { cursor, limit }: PageRequest,
  leftOut: Readonly<Record<Field, 0>>,
): Promise<{ conversions: Omit<Conversion, Field>[]; nextCursor?: string | undefined }> {
  const order = filter.occurred ? 'occurredAt' : 'createdAt';
  const rest = [...among(filter), ...afterCursor(order, cursor)];
  const lists = ofState(filter).map((state) =>
    db.conversions
      .find({ $and: [state, ...rest] }, leftOut)
      .sort(pageSort(order))
      .limit(limit + 1)
      .lean<Conversion[]>(),
  );
  const found = mergePages(order, await Promise.all(lists));
  const conversions = found.slice(0, limit);
  const last = conversions.at(-1);
  return {
    conversions,
    nextCursor: last && found.length > limit ? encodeCursor(order, last) : undefined,
  };
}

function among({ ids, userIds, occurred }: ConversionFilter): QueryFilter<Conversion>[] {
  return [
    ...(userIds ? [{ userId: { $in: userIds } }] : []),
    ...(ids ? [{ _id: { $in: ids } }] : []),
    ...(occurred ? [{ occurredAt: given({ $gte: occurred.from, $lt: occurred.to }) }] : []),
  ];
}

/**
 * One condition, or two of which either holds. Each is a query of its own: of an `$or` beside other conditions, MongoDB tries
 * only some of the plans, and not always one by the most selective index.
 */
function ofState({ status, event, reason, ...rest }: ConversionFilter): QueryFilter<Conversion>[] {
  const { userId, clickId } = rest;
  const onlyEvent = [status, reason, ...Object.values(rest)].every((other) => other === undefined);
  const everywhere = {
    ...(onlyEvent ? { campaignEventId: event } : { _id: event && idsOf(event) }),
    userId,
    'attribution.clickId': clickId,
  };
  const own = given({ ...everywhere, status, reason });
  if (status !== 'parked' && reason === undefined) return [own];
  const adjusted = {
    ...given({ ...everywhere, status: status === 'parked' ? undefined : status }),
    'adjustments.status': 'parked' as const,
    adjustments: { $elemMatch: given({ status: 'parked', parkReason: reason }) },
  };
  return [own, adjusted];
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

export function summarize(conversion: Omit<Conversion, keyof typeof SUMMARY>): ConversionSummary {
  const { _id, campaignEventId, userId, status, reason, submission, attribution, ...rest } = conversion;
  const { occurredAt, createdAt, updatedAt, erasedAt } = rest;
  const parked = parkedAdjustment(conversion);
  const { outcome } = outcomeOf({ status, reason, submission, parkedAdjustment: parked }, new Date());
  return {
    conversionId: _id,
    campaignEventId,
    userId,
    status,
    reason,
    outcome,
    parkedAdjustment: parked && { id: parked.id, kind: parked.kind, parkReason: parked.parkReason },
    orderId: submission?.orderId,
    clickId: attribution?.clickId,
    erasedAt,
    occurredAt,
    createdAt,
    updatedAt,
  };
}
