import type { Action, Actions } from './actions.js';

/**
 * By ActionId, or by ActionTrackerId and OrderId. Two actions share these after a reattribution, and which one is then
 * meant is not documented: here the newest that is not reversed, as "only this Pending action is considered payable":
 * https://help.impact.com/en/support/solutions/articles/155000002469-system-reattributed-actions-explained
 */
export function findReferenced(
  actions: Actions,
  fields: Readonly<Record<string, string>>,
): Action | undefined {
  if (fields.ActionId) return actions.find(fields.ActionId);
  if (!fields.OrderId) return undefined;
  const trackerId = Number(fields.ActionTrackerId);
  const candidates = actions
    .of(fields.OrderId)
    .filter(({ actionTrackerId }) => actionTrackerId === trackerId);
  return candidates.findLast(({ state }) => state !== 'REVERSED') ?? candidates.at(-1);
}
