import type { Client } from '@temporalio/client';
import { DomainError } from '../domain/errors.js';
import { type Erasure, findEndedByErasure, findErasure } from '../ledger/tombstone.js';
import { forgetUserAtStripe } from '../sources/stripe/forget-user.js';
import { askTemporal, DEADLINE_MS } from '../temporal/ask-temporal.js';
import { forEachConversion } from '../temporal/for-each-conversion.js';
import { NEWS, wakeConversion } from '../temporal/wake-conversion.js';
import { type EraseUserDeps, eraseUser as erase } from '../users/erase-user.js';

export type ErasedUser = Erasure & { userId: string };

/**
 * Erases a person, and tells the workflows that wait for an operator or a parent, so that they end.
 * @throws DomainError `user_not_found`; `temporal_unavailable` where the person is erased, and a workflow may not know it
 */
export async function eraseUser(
  deps: EraseUserDeps & { temporal: Client },
  clerkId: string,
): Promise<ErasedUser> {
  const userIds = await erase(deps, clerkId);
  for (const userId of userIds) await forgetUserAtStripe(deps.db, userId);
  const [userId] = userIds;
  const erasure = await findErasure(deps.db, deps.programme, userId);
  if (!erasure) {
    throw new DomainError(
      'user_not_found',
      'This service knows nothing of this person: no user, and no conversion. Send the id that the token issuer gave.',
    );
  }
  const ended = await findEndedByErasure(deps.db, userIds);
  const { temporal } = deps;
  const [failure] = await forEachConversion(
    ended,
    ({ _id }) => _id,
    async (conversion) => {
      const wake = () => wakeConversion({ temporal, deadlineMs: DEADLINE_MS }, conversion, NEWS);
      await askTemporal(temporal, wake);
    },
  );
  if (failure) throw failure.err;
  return { userId, ...erasure };
}
