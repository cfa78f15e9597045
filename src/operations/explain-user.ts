import type { Click } from '../domain/attribution.js';
import type { Conversion } from '../domain/conversion.js';
import { DomainError } from '../domain/errors.js';
import { type AttributionReason, explainAttribution } from '../domain/explain-attribution.js';
import type { Programme } from '../domain/programme/programme.js';
import { type ConversionSummary, readPage, summarize } from '../ledger/list-conversions.js';
import { findErasure } from '../ledger/tombstone.js';
import type { Database } from '../mongo.js';
import { clicksOf } from '../users/clicks.js';
import { findKnownUser } from '../users/find-users.js';
import type { UserIdOf } from '../users/user-id.js';
import { withOutcomes } from './with-outcomes.js';

export interface ExplainedUser {
  clerkId: string;
  userId: string;
  /** Not there after an erasure. */
  createdAt?: Date;
  /** When the user was erased. Who has come back since is known, and not erased. */
  erasedAt?: Date;
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
 * The clicks of a user, and why each conversion has the click that it has. Of an erased user only the conversions are left.
 * @throws DomainError `user_not_found`
 */
export async function explainUser(
  { db, programme, userIdOf }: { db: Database; programme: Programme; userIdOf: UserIdOf },
  clerkId: string,
): Promise<ExplainedUser> {
  const user = await db.users.findOne({ clerkId }).lean();
  const userId = (user?._id ?? userIdOf(clerkId)).toHexString();
  const erasure = user ? null : await findErasure(db, programme, userId);
  if (!user && !erasure) {
    throw new DomainError(
      'user_not_found',
      'This service has not seen the user. Send the id that the token issuer gave; GET /v1/conversions/find finds a user by anything else, and the sales that are held for a user who has not come yet.',
    );
  }
  const known = user ? clicksOf(user) : { clicks: [] };
  const leftOut = { timeline: 0, payload: 0 } as const;
  const { conversions, nextCursor } = await readPage(db, { userId }, { limit: LIMIT }, leftOut);
  return {
    clerkId,
    userId,
    ...(user ? { createdAt: user.createdAt } : {}),
    ...(erasure ? { erasedAt: erasure.erasedAt } : {}),
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

/** The user of a conversion, and why it has its click; nothing while this service does not know the user, and has not erased them. */
export async function explainClick(
  { db, programme }: { db: Database; programme: Programme },
  conversion: Conversion,
): Promise<{ clerkId?: string; why?: AttributionReason }> {
  const user = await findKnownUser(db, conversion.userId);
  if (!user && !conversion.erasedAt) return {};
  const known = user ? clicksOf(user) : { clicks: [] };
  const why = explainAttribution(known, conversion, programme.attribution);
  return { ...(user ? { clerkId: user.clerkId } : {}), why };
}
