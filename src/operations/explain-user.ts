import type { Click } from '../domain/attribution.js';
import type { Conversion } from '../domain/conversion.js';
import { DomainError } from '../domain/errors.js';
import { type AttributionReason, explainAttribution } from '../domain/explain-attribution.js';
import type { Programme } from '../domain/programme/programme.js';
import { type ConversionSummary, readPage, summarize } from '../ledger/list-conversions.js';
import type { Database } from '../mongo.js';
import { clicksOf } from '../users/clicks.js';
import { findKnownUser } from '../users/find-users.js';
import { withOutcomes } from './with-outcomes.js';

export interface ExplainedUser {
  clerkId: string;
  userId: string;
  createdAt: Date;
  /** Oldest first. */
  clicks: readonly Click[];
  /** There were more clicks between the first and the second of them. */
  hasForgottenClicks: boolean;
  /** Newest first. */
  conversions: (ConversionSummary & { why: AttributionReason })[];
  hasMore: boolean;
}

const LIMIT = 100;

/**
 * The clicks of a user, and why each conversion has the click that it has.
 * @throws DomainError `user_not_found`
 */
export async function explainUser(
  { db, programme }: { db: Database; programme: Programme },
  clerkId: string,
): Promise<ExplainedUser> {
  const user = await db.users.findOne({ clerkId }).lean();
  if (!user) {
    throw new DomainError(
      'user_not_found',
      'This service has not seen the user. Send the id that the token issuer gave; GET /v1/conversions/find finds a user by anything else, and the sales that are held for a user who has not come yet.',
    );
  }
  const known = clicksOf(user);
  const userId = user._id.toHexString();
  const leftOut = { timeline: 0, payload: 0 } as const;
  const { conversions, nextCursor } = await readPage(db, { userId }, { limit: LIMIT }, leftOut);
  return {
    clerkId,
    userId,
    createdAt: user.createdAt,
    clicks: known.clicks,
    hasForgottenClicks: known.hasGap ?? false,
    conversions: await withOutcomes(
      db,
      conversions.map((conversion) => ({
        ...summarize(conversion),
        why: explainAttribution(known, conversion, programme.attribution),
      })),
    ),
    hasMore: nextCursor !== undefined,
  };
}

/** The user of a conversion, and why it has its click; nothing while this service does not know the user. */
export async function explainClick(
  { db, programme }: { db: Database; programme: Programme },
  conversion: Conversion,
): Promise<{ clerkId?: string; why?: AttributionReason }> {
  const user = await findKnownUser(db, conversion.userId);
  if (!user) return {};
  const why = explainAttribution(clicksOf(user), conversion, programme.attribution);
  return { clerkId: user.clerkId, why };
}
