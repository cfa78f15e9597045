import { z } from 'zod';
import { actionObject } from './actions.js';
import { type Answer, invalid } from './answers.js';
import type { ImpactApiDeps } from './impact-api.js';
import { DAY_MS, date } from './impact-date.js';
import type { ImpactRequest } from './read-request.js';
import { processSubmissions } from './submissions.js';

const MAX_RANGE_MS = 45 * DAY_MS;

const integer = z.coerce.number().int().positive();

/** Impact has other filters too (state, dates of update and of locking). The sandbox refuses a filter that it does not have. */
const querySchema = z
  .strictObject({
    CampaignId: integer,
    ActionDateStart: date,
    ActionDateEnd: date,
    Page: integer.default(1),
    // "If specified, the smallest PageSize value is 2,000"; 20,000 is used "when PageSize isn't specified":
    // https://integrations.impact.com/impact-brand/reference/list-all-actions
    PageSize: integer.min(2_000).default(20_000),
  })
  // Documented for StartDate. This is "an alternative to StartDate": that the limit holds for it too is inferred.
  .refine(({ ActionDateStart, ActionDateEnd }) => ActionDateEnd - ActionDateStart <= MAX_RANGE_MS, {
    path: ['ActionDateEnd'],
    error: 'More than 45 days after ActionDateStart',
  });

/** `GET /Advertisers/{AccountSID}/Actions`: listActions in the v14 Actions OpenAPI. */
export function listActions(
  request: Pick<ImpactRequest, 'url' | 'path'>,
  { accountSid, state }: Pick<ImpactApiDeps, 'accountSid' | 'state'>,
): Answer {
  processSubmissions(state);
  const parsed = querySchema.safeParse(Object.fromEntries(queryOf(request)));
  if (!parsed.success) {
    const errors = parsed.error.issues.map(({ path, message }) => ({ field: path.join('.'), message }));
    return invalid(errors, state.settings);
  }
  const { CampaignId, ActionDateStart, ActionDateEnd, Page, PageSize } = parsed.data;
  const actions = state.actions.filter(
    ({ campaignId, eventDate }) =>
      // Both ends belong to the range: "on or after", "on or before".
      campaignId === CampaignId && eventDate >= ActionDateStart && eventDate <= ActionDateEnd,
  );
  // "Returned by creation date, with the most recently created actions appearing first"
  const page = actions.reverse().slice((Page - 1) * PageSize, Page * PageSize);
  const next = queryOf(request);
  next.set('Page', String(Page + 1));
  return {
    status: 200,
    body: {
      // Names and strings as in https://integrations.impact.com/impact-brand/reference/pagination. Inferred from answers
      // recorded in public repositories: a relative URI with the request's parameters, and an empty string after the end.
      '@page': String(Page),
      '@total': String(actions.length),
      '@nextpageuri': Page * PageSize < actions.length ? `${request.path}?${next}` : '',
      Actions: page.map((action) => actionObject(action, accountSid)),
    },
  };
}

function queryOf({ url }: Pick<ImpactRequest, 'url'>): URLSearchParams {
  return new URLSearchParams(url.split('?')[1]);
}
