import { isClickId } from '../domain/attribution.js';
import { conversionIdOf, USER_ID } from '../domain/conversion.js';
import { isDay, momentOf } from '../domain/moment.js';
import { type ConversionSummary, listConversions } from '../ledger/list-conversions.js';
import { findKnownUser, findUsersOfClick } from '../users/find-users.js';
import { type ConversionQuery, type QueryDeps, toFilter } from './query-conversions.js';
import { withOutcomes } from './with-outcomes.js';

/** In the order in which a text is tried. */
export const FOUND_BY = ['conversionId', 'orderId', 'clickId', 'clerkId', 'userId', 'day'] as const;

export interface FoundConversions {
  /** What the text is; null where this service knows nothing of it. */
  foundBy: (typeof FOUND_BY)[number] | null;
  /** Of the user, if it is one alone, and known. */
  clerkId?: string | undefined;
  /** Newest first. */
  conversions: ConversionSummary[];
  hasMore: boolean;
}

type Found = Pick<FoundConversions, 'clerkId' | 'conversions' | 'hasMore'>;

const LIMIT = 100;

/** MongoDB merges the lists of so many users without sorting them. */
const MAX_USERS = 100;

/** Finds conversions by anything that somebody has of them: each kind of id is tried in turn, and then a day. */
export async function findConversions(deps: QueryDeps, text: string): Promise<FoundConversions> {
  const given = text.trim();
  for (const foundBy of FOUND_BY) {
    const found = given === '' ? null : await FINDERS[foundBy](deps, given);
    if (!found) continue;
    const conversions = await withOutcomes(deps.db, found.conversions);
    return { foundBy, ...found, conversions, clerkId: found.clerkId ?? (await clerkIdOfAll(deps, found)) };
  }
  return { foundBy: null, conversions: [], hasMore: false };
}

/** @returns null where the text is no such thing, or this service knows nothing of it */
type Finder = (deps: QueryDeps, text: string) => Promise<Found | null>;

const FINDERS: Record<(typeof FOUND_BY)[number], Finder> = {
  conversionId: (deps, text) => {
    const id = conversionIdOf(text) ?? text;
    return some(deps, { ids: [...new Set([id, id.normalize('NFC')])] });
  },
  orderId: (deps, orderId) => some(deps, { orderId }),
  clickId: async (deps, text) => (isClickId(text) ? findByClick(deps, text) : null),
  clerkId: async (deps, clerkId) => {
    const user = await deps.db.users.findOne({ clerkId }, { _id: 1 }).lean();
    const found = await some(deps, { clerkId });
    return user ? { ...(found ?? NONE), clerkId } : found;
  },
  userId: async (deps, text) => {
    const userId = text.toLowerCase();
    const found = USER_ID.test(userId) ? await some(deps, { userId }) : null;
    return found && { ...found, clerkId: await clerkIdOf(deps, userId) };
  },
  day: async (deps, text) =>
    isDay(text)
      ? list(deps, { occurredFrom: momentOf(text, 'from'), occurredTo: momentOf(text, 'to') })
      : null,
};

const NONE: Found = { conversions: [], hasMore: false };

/**
 * The conversions that are credited to the click, and those of the users who came with it: another click may hold there, and a
 * partner asks about exactly these.
 */
async function findByClick(deps: QueryDeps, clickId: string): Promise<Found | null> {
  const users = await findUsersOfClick(deps.db, clickId, MAX_USERS + 1);
  const userIds = users.slice(0, MAX_USERS).map(({ _id }) => _id.toHexString());
  const credited = await list(deps, { clickId });
  if (users.length === 0 && credited.conversions.length === 0) return null;
  const ofUsers = userIds.length > 0 ? await list(deps, { userIds }) : NONE;
  const all = [...credited.conversions, ...ofUsers.conversions];
  const byId = new Map(all.map((conversion) => [conversion.conversionId, conversion]));
  const newestFirst = [...byId.values()].toSorted((one, other) => +other.createdAt - +one.createdAt);
  const [user, ...others] = users;
  return {
    ...(user && others.length === 0 ? { clerkId: user.clerkId } : {}),
    conversions: newestFirst.slice(0, LIMIT),
    hasMore: credited.hasMore || ofUsers.hasMore || users.length > MAX_USERS || newestFirst.length > LIMIT,
  };
}

async function list(deps: QueryDeps, query: ConversionQuery): Promise<Found> {
  const filter = await toFilter(deps, query);
  const { conversions, nextCursor } = await listConversions(deps.db, filter, { limit: LIMIT });
  return { conversions, hasMore: nextCursor !== undefined };
}

async function some(deps: QueryDeps, query: ConversionQuery): Promise<Found | null> {
  const found = await list(deps, query);
  return found.conversions.length > 0 ? found : null;
}

async function clerkIdOfAll(deps: QueryDeps, { conversions, hasMore }: Found) {
  const [userId = '', ...others] = new Set(conversions.map((conversion) => conversion.userId));
  return hasMore || others.length > 0 ? undefined : clerkIdOf(deps, userId);
}

async function clerkIdOf({ db }: QueryDeps, userId: string): Promise<string | undefined> {
  return (await findKnownUser(db, userId))?.clerkId;
}
