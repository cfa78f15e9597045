import { invalid, list } from '../answers.js';
import type { Operation } from '../impact-api.js';
import { MAX_PAGES, pageOf } from '../paging.js';
import { processDue } from '../submissions/process-submissions.js';
import { actionObject } from './action-object.js';
import { type ActionQuery, readActionQuery } from './action-query.js';
import { type Action, stateAt } from './actions.js';

/** `GET /Advertisers/{AccountSID}/Actions`: listActions in the v14 Actions OpenAPI. */
export const listActions: Operation = (request, { accountSid, state }) => {
  processDue(state);
  const now = state.clock.now();
  const { query, errors } = readActionQuery(request.query, now, state.settings);
  if (errors.length > 0) return invalid(errors, state.settings.errorShape);

  const actions = state.actions.of().filter((action) => isMeant(action, query, now));
  // "If the total record count exceeds 10× the page size, an error is returned": its text is not documented.
  if (actions.length > MAX_PAGES * query.pageSize) {
    const message = `${actions.length} records are more than ${MAX_PAGES} pages: reduce the date range or increase PageSize`;
    return invalid([{ field: 'PageSize', message }], state.settings.errorShape);
  }
  const { entries, links } = pageOf(
    newestFirst(actions),
    query,
    request,
    `/Advertisers/${accountSid}/Actions`,
  );
  return list(
    'Actions',
    links,
    entries.map((action) => actionObject(action, accountSid, state)),
  );
};

function isMeant(action: Action, { campaignId, state, ranges }: ActionQuery, now: number): boolean {
  return (
    action.campaignId === campaignId &&
    (state === undefined || stateAt(action, now) === state) &&
    ranges.every(({ of, from, to }) => action[of] >= from && action[of] <= to)
  );
}

/** "Returned by creation date, with the most recently created actions appearing first" */
function newestFirst(actions: Action[]): Action[] {
  return actions.reverse().sort((a, b) => b.creationDate - a.creationDate);
}
