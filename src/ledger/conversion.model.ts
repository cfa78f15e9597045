import { type Connection, type Model, Schema, type SchemaDefinition } from 'mongoose';
import type { Adjustment } from '../domain/adjustment.js';
import { type Conversion, UNSETTLED } from '../domain/conversion.js';

/** Our adjustments have an `id` of their own. */
const part = (fields: SchemaDefinition) => new Schema(fields, { _id: false, id: false });

const conversionSchema = new Schema<Conversion>(
  {
    _id: { type: String, required: true },
    campaignEventId: { type: String, required: true },
    userId: { type: String, required: true },
    occurredAt: { type: Date, required: true },
    payload: { type: Schema.Types.Mixed, required: true },
    attribution: {
      type: part({ provider: String, clickId: String, capturedAt: Date }),
      default: null,
    },
    status: { type: String, required: true },
    reason: String,
    submission: {
      type: part({
        state: String,
        orderId: String,
        attempts: Number,
        sentAt: Date,
        inFlightUntil: Date,
        queuedUri: String,
        followUntil: Date,
      }),
      default: undefined,
    },
    traceparent: String,
    adjustments: {
      type: [
        part({
          id: String,
          kind: String,
          reason: String,
          totalAmountCents: Number,
          effectiveAt: Date,
          items: {
            type: [part({ sku: String, quantity: Number, subtotalCents: Number })],
            default: undefined,
          },
          status: String,
          parkReason: String,
          detail: String,
          queuedUri: String,
          sentAt: Date,
          followUntil: Date,
          requestedAt: Date,
          requestedBy: String,
        } satisfies Record<keyof Adjustment, unknown>),
      ],
      default: undefined,
    },
    timeline: [part({ at: Date, status: String, reason: String, detail: String })],
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
    erasedAt: Date,
  },
  { strict: 'throw', minimize: false, versionKey: false },
);

// Each index costs each write of its fields, so each names its queries. Only the first two change with each step.

// Lists: of a status, newest first, from where the previous page ended. The relay: pending ones, oldest first. Counts: by status,
// which read its keys alone.
export const BY_STATUS = { status: 1, createdAt: -1, _id: -1 } as const;
conversionSchema.index(BY_STATUS);
// Metrics: unsettled conversions, and how long they have waited. Reconcile: conversions that should have a running
// workflow. Both read this index alone, which holds the small part of the ledger that is not finished.
conversionSchema.index(
  { status: 1, updatedAt: 1, occurredAt: 1, reason: 1, 'submission.followUntil': 1, _id: 1 },
  { name: 'unfinished', partialFilterExpression: { status: { $in: [...UNSETTLED, 'submitted'] } } },
);
// Lists: with a parked adjustment, newest first. Metrics, relay and reconcile: open adjustments.
conversionSchema.index(
  { 'adjustments.status': 1, createdAt: -1, _id: -1 },
  { partialFilterExpression: { 'adjustments.status': { $exists: true } } },
);
// Audit: the conversions of a window. Lists: of a span of time, newest first.
conversionSchema.index({ occurredAt: 1, _id: 1 });
// Audit: the conversion of an order that Impact lists. Search: by order id, of an event that left the programme.
conversionSchema.index({ 'submission.orderId': 1 }, { sparse: true });
// Lists: newest first, from where the previous page ended.
conversionSchema.index({ createdAt: -1, _id: -1 });
// Lists of an event, and the metrics of signups, which read its keys alone.
export const BY_EVENT = { campaignEventId: 1, createdAt: -1, _id: -1 } as const;
conversionSchema.index(BY_EVENT);
conversionSchema.index({ userId: 1, createdAt: -1, _id: -1 });
// Lists and search: of a click. It is written once, with the attribution.
conversionSchema.index(
  { 'attribution.clickId': 1, createdAt: -1, _id: -1 },
  { partialFilterExpression: { 'attribution.clickId': { $exists: true } } },
);
// Lists: of a reason, newest first. Counts: by reason and status, which read its keys alone.
export const BY_REASON = { reason: 1, createdAt: -1, _id: -1, status: 1 } as const;
conversionSchema.index(BY_REASON, { partialFilterExpression: { reason: { $exists: true } } });

export function createConversionModel(connection: Connection): Model<Conversion> {
  return connection.model<Conversion>('Conversion', conversionSchema, 'conversions');
}
