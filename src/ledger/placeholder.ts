import type { Adjustment } from '../domain/adjustment.js';
import { type Conversion, MAX_WORKFLOW_ID_BYTES, utf8Length, workflowId } from '../domain/conversion.js';
import type { Programme } from '../domain/programme/programme.js';
import { DUPLICATE_KEY } from '../mongo.js';
import { notFound } from './find-conversion.js';
import { countConversion, type Ledger } from './transition.js';

/**
 * The document of a conversion of which a refund or a new amount comes first. It waits for its sale, which then becomes
 * this document (record-conversion.ts).
 * @throws DomainError `conversion_not_found` where the programme can have no such conversion
 */
export function placeholderOf({ all }: Programme, id: string): Conversion {
  const _id = id.normalize('NFC');
  const event = all.find((candidate) => _id.startsWith(`${candidate.id}:`));
  const known = event?.fromKey(_id.slice(event.id.length + 1));
  if (!event || !known || utf8Length(workflowId(_id)) > MAX_WORKFLOW_ID_BYTES) throw notFound(id);
  const now = new Date();
  return {
    _id,
    campaignEventId: event.id,
    ...known,
    occurredAt: now,
    attribution: null,
    status: 'skipped',
    reason: 'order_not_found',
    timeline: [],
    createdAt: now,
    updatedAt: now,
  };
}

/** @returns null if the sale, or another adjustment of it, has just come */
export async function insertPlaceholder(
  ledger: Ledger,
  placeholder: Conversion,
  adjustment: Adjustment,
  detail: string,
): Promise<Conversion | null> {
  const { status, reason, createdAt: at } = placeholder;
  const timeline = [{ at, status, ...(reason === undefined ? {} : { reason }), detail }];
  const inserted: Conversion = { ...placeholder, adjustments: [adjustment], timeline };
  try {
    await ledger.db.conversions.collection.insertOne(inserted as never, { ignoreUndefined: true });
  } catch (error) {
    if ((error as { code?: unknown }).code === DUPLICATE_KEY) return null;
    throw error;
  }
  countConversion(ledger, inserted);
  return inserted;
}
