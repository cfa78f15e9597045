import { z } from 'zod';
import { PermanentImpactError } from './errors.js';
import { type Call, unreadable } from './http.js';
import { parseJson } from './parse-json.js';

/** Range of event dates, both ends included. */
export interface ActionsWindow {
  campaignId: number;
  from: Date;
  to: Date;
}

export interface ListedAction {
  actionId: string;
  actionTrackerId: number;
  orderId: string;
  /** `PENDING`, `APPROVED` or `REVERSED`. */
  state: string;
  amount?: number;
  /** The account's currency, which may differ from the order's. */
  currency?: string;
  eventDate?: Date;
}

const HOUR_MS = 3_600_000;
const MAX_RANGE_MS = 45 * 24 * HOUR_MS;

/** Impact documents 2,000 to 20,000. A page is held in memory, and must arrive within the time limit. */
const PAGE_SIZE = 5_000;

const text = z.union([z.string(), z.number()]).transform(String);

const actionSchema = z
  .object({
    Id: text,
    ActionTrackerId: z.coerce.number(),
    Oid: text.nullish(),
    State: z.string().nullish(),
    Amount: z.coerce.number().optional().catch(undefined),
    Currency: z.string().optional().catch(undefined),
    EventDate: z.coerce.date().optional().catch(undefined),
  })
  .transform(
    ({ Id, ActionTrackerId, Oid, State, Amount, Currency, EventDate }): ListedAction => ({
      actionId: Id,
      actionTrackerId: ActionTrackerId,
      orderId: Oid ?? '',
      state: (State ?? '').toUpperCase(),
      ...(Amount === undefined ? {} : { amount: Amount }),
      ...(Currency ? { currency: Currency } : {}),
      ...(EventDate ? { eventDate: EventDate } : {}),
    }),
  );

const pageSchema = z.object({ Actions: z.array(actionSchema), '@nextpageuri': z.string().nullish() });

/**
 * Impact's Actions in the window, unordered; each page is read when the consumer needs it.
 * https://integrations.impact.com/impact-brand/reference/list-all-actions
 * @throws PermanentImpactError, RetryableImpactError
 */
export async function* listActions(call: Call, window: ActionsWindow): AsyncGenerator<ListedAction> {
  for (const part of splitWindow(window)) yield* listPart(call, part);
}

/** Impact lists at most 45 days per request. */
export function splitWindow<Window extends { from: Date; to: Date }>(window: Window): Window[] {
  const parts: Window[] = [];
  for (let from = window.from.getTime(); from <= window.to.getTime(); from += MAX_RANGE_MS + 1) {
    const to = Math.min(from + MAX_RANGE_MS, window.to.getTime());
    parts.push({ ...window, from: new Date(from), to: new Date(to) });
  }
  return parts;
}

/**
 * Impact refuses a range of more than ten pages, and does not document that answer. So a refused range is halved, down
 * to one hour; if that is refused too, the reason is another one.
 */
async function* listPart(call: Call, part: ActionsWindow): AsyncGenerator<ListedAction> {
  let query: string | null = firstQuery(part);
  let page: Page | null = await readPage(call, query).catch((error: unknown) => nullIfDivisible(error, part));
  if (!page) {
    for (const half of halves(part)) yield* listPart(call, half);
    return;
  }
  for (;;) {
    yield* page.actions;
    query = page.nextQuery;
    if (query === null) return;
    page = await readPage(call, query);
  }
}

interface Page {
  actions: ListedAction[];
  nextQuery: string | null;
}

async function readPage(call: Call, query: string): Promise<Page> {
  const exchange = await call(`/Actions?${query}`);
  const result = pageSchema.safeParse(parseJson(exchange.body));
  if (!result.success) throw unreadable(exchange);
  const next = result.data['@nextpageuri'];
  if (!next) return { actions: result.data.Actions, nextQuery: null };
  // Its path repeats the account. Recorded answers show that the query is complete.
  const nextQuery = next.slice(next.indexOf('?') + 1);
  if (!next.includes('?') || nextQuery === query) throw unreadable(exchange);
  return { actions: result.data.Actions, nextQuery };
}

function firstQuery({ campaignId, from, to }: ActionsWindow): string {
  return new URLSearchParams({
    CampaignId: String(campaignId),
    ActionDateStart: from.toISOString(),
    ActionDateEnd: to.toISOString(),
    PageSize: String(PAGE_SIZE),
  }).toString();
}

function nullIfDivisible(error: unknown, { from, to }: ActionsWindow): null {
  const refused = error instanceof PermanentImpactError && error.code === 'impact_refused';
  if (refused && error.httpStatus !== 404 && to.getTime() - from.getTime() > HOUR_MS) return null;
  throw error;
}

function halves(window: ActionsWindow): ActionsWindow[] {
  const middle = Math.floor((window.from.getTime() + window.to.getTime()) / 2);
  return [
    { ...window, to: new Date(middle) },
    { ...window, from: new Date(middle + 1) },
  ];
}
