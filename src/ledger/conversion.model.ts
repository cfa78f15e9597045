import { type Connection, type Model, Schema } from 'mongoose';
import type { Adjustment } from '../domain/adjustment.js';
import type { Conversion } from '../domain/conversion.js';

export type ConversionModel = Model<Conversion>;

const conversionSchema = new Schema<Conversion>(
  {
    _id: { type: String, required: true },
    campaignEventId: { type: String, required: true },
    userId: { type: String, required: true },
    occurredAt: { type: Date, required: true },
    payload: { type: Schema.Types.Mixed, required: true },
    attribution: {
      type: new Schema({ clickId: String, capturedAt: Date }, { _id: false }),
      default: null,
    },
    status: { type: String, required: true },
    reason: String,
    submission: {
      type: new Schema(
        {
          state: String,
          orderId: String,
          attempts: Number,
          sentAt: Date,
          inFlightUntil: Date,
          queuedUri: String,
        },
        { _id: false },
      ),
      default: undefined,
    },
    traceparent: String,
    adjustments: {
      type: [
        new Schema<Adjustment>(
          {
            id: String,
            kind: String,
            reason: String,
            totalAmountCents: Number,
            status: String,
            parkReason: String,
            detail: String,
            queuedUri: String,
            sentAt: Date,
            requestedAt: Date,
            requestedBy: String,
          },
          { _id: false, id: false },
        ),
      ],
      default: undefined,
    },
    restartedAt: Date,
    timeline: [new Schema({ at: Date, status: String, reason: String, detail: String }, { _id: false })],
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { strict: 'throw', minimize: false, versionKey: false },
);

// What the relay looks for: a handful of documents, however long the ledger grows.
conversionSchema.index({ createdAt: 1 }, { name: 'pending', partialFilterExpression: { status: 'pending' } });

// What the metrics ask for: the oldest event of a status, what has been in it the longest, and unsettled adjustments, which
// the relay hands over as well.
conversionSchema.index({ status: 1, occurredAt: 1 });
conversionSchema.index({ status: 1, updatedAt: 1 });
conversionSchema.index({ 'adjustments.status': 1 }, { sparse: true });

// An audit has an order of Impact's, and asks whose it is.
conversionSchema.index({ 'submission.orderId': 1 }, { sparse: true });

// Lists are newest first, from wherever the page before ended, whatever they are filtered by.
conversionSchema.index({ createdAt: -1, _id: -1 });
conversionSchema.index({ status: 1, createdAt: -1, _id: -1 });
conversionSchema.index({ userId: 1, createdAt: -1, _id: -1 });
conversionSchema.index(
  { reason: 1, createdAt: -1, _id: -1 },
  { partialFilterExpression: { reason: { $exists: true } } },
);

export function createConversionModel(connection: Connection): ConversionModel {
  return connection.model<Conversion>('Conversion', conversionSchema, 'conversions');
}
