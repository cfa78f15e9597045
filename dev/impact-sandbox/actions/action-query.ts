import { z } from 'zod';
import type { FieldError } from '../answers.js';
import { DAY_MS } from '../impact-date.js';
import type { Settings } from '../settings.js';
import type { Action, ActionState } from './actions.js';
import { type DateRange, readDateRanges } from './date-ranges.js';

export interface ActionQuery {
  campaignId: number;
  state: ActionState | undefined;
  ranges: DateRange<Action>[];
  page: number;
  pageSize: number;
}

/** Used "when PageSize isn't specified": https://integrations.impact.com/impact-brand/reference/list-all-actions */
const DEFAULT_PAGE_SIZE = 20_000;
const DEFAULT_RANGE_MS = 7 * DAY_MS;

/** Query parameters of listActions in the v14 Actions OpenAPI, and of https://integrations.impact.com/impact-brand/reference/pagination */
export function readActionQuery(
  parameters: ReadonlyMap<string, string>,
  now: number,
  settings: Settings,
): { query: ActionQuery; errors: FieldError[] } {
  const parsed = querySchema(settings.minPageSize).safeParse(Object.fromEntries(parameters));
  const { ranges, errors } = readDateRanges(parameters, now);
  // "If no StartDate and EndDate parameters are specified, only records for the past 7 days will be returned." That
  // another range takes the place of this one is inferred from "can be used as an alternative to StartDate".
  if (ranges.length === 0) ranges.push({ of: 'updatedAt', from: now - DEFAULT_RANGE_MS, to: now });
  const { CampaignId = 0, State, Page = 1, PageSize = DEFAULT_PAGE_SIZE } = parsed.data ?? {};
  return {
    query: { campaignId: CampaignId, state: State, ranges, page: Page, pageSize: PageSize },
    errors: [...fieldErrors(parsed.error), ...errors],
  };
}

function querySchema(minPageSize: number) {
  const integer = z
    .string({ error: 'Required' })
    .regex(/^\d{1,10}$/, 'Not an integer')
    .transform(Number);
  return z.object({
    CampaignId: integer,
    State: z
      .enum(['PENDING', 'APPROVED', 'REVERSED'], { error: 'Not PENDING, APPROVED or REVERSED' })
      .optional(),
    Page: integer.pipe(z.number().min(1, 'Pages start at 1')).optional(),
    PageSize: integer.pipe(z.number().min(minPageSize, `The smallest PageSize is ${minPageSize}`)).optional(),
  });
}

function fieldErrors(error: z.ZodError | undefined): FieldError[] {
  return error?.issues.map(({ path, message }) => ({ field: path.join('.'), message })) ?? [];
}
