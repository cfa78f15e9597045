import { DomainError } from '../domain/errors.js';
import type { Programme } from '../domain/programme/programme.js';
import type { ConversionFilter } from '../ledger/list-conversions.js';
import { findByOrderIds } from '../ledger/walk-conversions.js';
import type { Database } from '../mongo.js';
import { findUserId } from '../users/find-users.js';
import type { UserIdOf } from '../users/user-id.js';

/** A list by what a caller has. */
export interface ConversionQuery extends Omit<ConversionFilter, 'occurred'> {
  clerkId?: string | undefined;
  orderId?: string | undefined;
  occurredFrom?: Date | undefined;
  /** Does not belong to the span. */
  occurredTo?: Date | undefined;
}

export interface QueryDeps {
  db: Database;
  programme: Programme;
  /** Not there without the key of users' ids: then the sales that are held for an unknown user are not found by a Clerk id. */
  userIdOf?: UserIdOf | undefined;
}

/**
 * The query in the ledger's own terms.
 * @throws DomainError `invalid_request` where the span ends before it begins
 */
export async function toFilter(deps: QueryDeps, query: ConversionQuery): Promise<ConversionFilter> {
  const { clerkId, orderId, occurredFrom: from, occurredTo: to, ...filter } = query;
  if (from && to && from >= to) {
    const message = 'must be later than occurredFrom';
    throw new DomainError('invalid_request', `The query is invalid. occurredTo: ${message}.`, {
      fields: [{ field: 'occurredTo', message }],
    });
  }
  const userId = clerkId === undefined ? undefined : await findUserId(deps.db, clerkId, deps.userIdOf);
  const isOther = filter.userId !== undefined && filter.userId !== userId;
  const isNobody = clerkId !== undefined && (userId === undefined || isOther);
  return {
    ...filter,
    ...(clerkId === undefined ? {} : { userId }),
    ...(orderId === undefined ? {} : { ids: await idsOfOrder(deps, orderId) }),
    ...(isNobody ? { ids: [] } : {}),
    ...(from || to ? { occurred: { ...(from ? { from } : {}), ...(to ? { to } : {}) } } : {}),
  };
}

/** A conversion that was sent keeps its order id, also if its event has left the programme since. */
async function idsOfOrder({ db, programme }: QueryDeps, orderId: string): Promise<string[]> {
  const sent = await findByOrderIds(db, [orderId.normalize('NFC')]);
  return [...new Set([...programme.conversionIdsOf(orderId), ...sent.map(({ _id }) => _id)])];
}
