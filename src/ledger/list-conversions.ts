import type { QueryFilter } from 'mongoose';
import type { Adjustment } from '../domain/adjustment.js';
import type { Conversion, ConversionStatus } from '../domain/conversion.js';
import type { Database } from '../mongo.js';
import { decodeCursor, encodeCursor } from './page-cursor.js';

export interface ConversionFilter {
  /** `parked` also finds a conversion that keeps its own status while an adjustment of it is parked. */
  status?: ConversionStatus | undefined;
  event?: string | undefined;
  /** Of the conversion, or of its parked adjustment. */
  reason?: string | undefined;
  userId?: string | undefined;
}

export interface Page {
  cursor?: string | undefined;
  limit: number;
}

export interface ConversionSummary {
  conversionId: string;
  campaignEventId: string;
  userId: string;
  status: ConversionStatus;
  reason?: string;
  parkedAdjustment?: Pick<Adjustment, 'id' | 'kind' | 'parkReason'>;
  orderId?: string;
  occurredAt: Date;
  createdAt: Date;
  updatedAt: Date;
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
  { cursor, limit }: Page,
): Promise<{ conversions: ConversionSummary[]; nextCursor?: string }> {
  const found = await db.conversions
    .find({ $and: [matching(filter), ...after(cursor)] }, SUMMARY)
    .sort({ createdAt: -1, _id: -1 })
    .limit(limit + 1)
    .lean<Summarized[]>();
  const conversions = found.slice(0, limit);
  const last = conversions.at(-1);
  return {
    conversions: conversions.map(summarize),
    ...(last && found.length > limit ? { nextCursor: encodeCursor(last) } : {}),
  };
}

export function parkedAdjustment({
  adjustments = [],
}: Pick<Conversion, 'adjustments'>): Adjustment | undefined {
  return adjustments.find(({ status }) => status === 'parked');
}

function matching({ status, event, reason, userId }: ConversionFilter): QueryFilter<Conversion> {
  const everywhere = {
    ...(event === undefined ? {} : { campaignEventId: event }),
    ...(userId === undefined ? {} : { userId }),
  };
  const own = {
    ...everywhere,
    ...(status === undefined ? {} : { status }),
    ...(reason === undefined ? {} : { reason }),
  };
  if (status !== 'parked' && reason === undefined) return own;
  const changed = {
    ...everywhere,
    ...(status === undefined || status === 'parked' ? {} : { status }),
    'adjustments.status': 'parked' as const,
    adjustments: {
      $elemMatch: { status: 'parked' as const, ...(reason === undefined ? {} : { parkReason: reason }) },
    },
  };
  return { $or: [own, changed] };
}

function after(cursor: string | undefined): QueryFilter<Conversion>[] {
  if (cursor === undefined) return [];
  const { createdAt, _id } = decodeCursor(cursor);
  return [
    // The first says where to begin in the index; the second leaves out those of the same moment.
    { createdAt: { $lte: createdAt } },
    { $or: [{ createdAt: { $lt: createdAt } }, { _id: { $lt: _id } }] },
  ];
}

function summarize(conversion: Summarized): ConversionSummary {
  const { _id, campaignEventId, userId, status, reason, submission, occurredAt, createdAt, updatedAt } =
    conversion;
  const adjustment = parkedAdjustment(conversion);
  return {
    conversionId: _id,
    campaignEventId,
    userId,
    status,
    ...(reason === undefined ? {} : { reason }),
    ...(adjustment === undefined ? {} : { parkedAdjustment: nameAdjustment(adjustment) }),
    ...(submission === undefined ? {} : { orderId: submission.orderId }),
    occurredAt,
    createdAt,
    updatedAt,
  };
}

function nameAdjustment({
  id,
  kind,
  parkReason,
}: Adjustment): Pick<Adjustment, 'id' | 'kind' | 'parkReason'> {
  return { id, kind, ...(parkReason === undefined ? {} : { parkReason }) };
}
