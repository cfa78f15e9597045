import type { Database } from '../src/mongo.js';
import { findConversion } from './find-conversion.js';

export interface LoadedAttribution {
  campaignEventId: string;
  /** ISO 8601 times: activity results are JSON. */
  capturedAt: string;
  occurredAt: string;
}

/**
 * The attribution that held when the event happened: the snapshot in the ledger, never the user's current one.
 * @returns null where there is none
 */
export function createLoadAttribution({ db }: { db: Database }) {
  return async function loadAttribution(conversionId: string): Promise<LoadedAttribution | null> {
    const { campaignEventId, attribution, occurredAt } = await findConversion(db, conversionId);
    if (!attribution) return null;
    return {
      campaignEventId,
      capturedAt: attribution.capturedAt.toISOString(),
      occurredAt: occurredAt.toISOString(),
    };
  };
}
