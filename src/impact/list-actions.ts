import { z } from 'zod';
import { cut, MAX_NAME, oneLine } from '../domain/foreign-text.js';
import { wordOf } from '../domain/impact-words.js';
import { PermanentImpactError } from './errors.js';
import { type Call, unreadable } from './http.js';
import { parseJson } from './read-answer.js';

/** Range of event dates, both ends included. */
export interface ActionsWindow {
  campaignId: number;
  from: Date;
  to: Date;
}

export type ListedAction = z.output<typeof actionSchema>;

const HOUR_MS = 3_600_000;
const MAX_RANGE_MS = 45 * 24 * HOUR_MS;

/** Impact documents 2,000 to 20,000. A page is held in memory, and must arrive within the time limit. */
const PAGE_SIZE = 5_000;

const text = z.union([z.string(), z.number()]).transform((value) => cut(String(value), MAX_NAME));

/** Coerced, these would be the amount 0 and the year 1970. */
const unlessEmpty = (value: unknown) => (value === null || value === '' ? undefined : value);

/** Such as `1000.4636.158133`. A finding of the audit lists several. */
const LONGEST_ACTION_ID = 64;

const actionSchema = z
  .object({
    Id: text,
    ActionTrackerId: z.coerce.number(),
    Oid: text.nullish(),
    State: z.string().nullish(),
    Amount: z.preprocess(unlessEmpty, z.coerce.number().optional()).catch(undefined),
    Currency: z.string().optional().catch(undefined),
    EventDate: z.preprocess(unlessEmpty, z.coerce.date().optional()).catch(undefined),
  })
  .transform(({ Id, ActionTrackerId, Oid, State, Amount, Currency, EventDate }) => ({
    actionId: cut(oneLine(Id), LONGEST_ACTION_ID),
    actionTrackerId: ActionTrackerId,
    orderId: Oid ?? '',
    /** `PENDING`, `APPROVED` or `REVERSED`. */
    state: wordOf(State ?? ''),
    ...(Amount === undefined ? {} : { amount: Amount }),
    /** The account's currency, which may differ from the order's. */
    ...(Currency ? { currency: cut(Currency, MAX_NAME).trim().toUpperCase() } : {}),
    ...(EventDate ? { eventDate: EventDate } : {}),
  }));

const pageSchema = z.object({ Actions: z.array(actionSchema), '@nextpageuri': z.string().nullish() });

/**
 * Impact's Actions in the window, unordered; each page is read when the consumer needs it.
 * https://integrations.impact.com/impact-brand/reference/list-all-actions
 * @throws PermanentImpactError, RetryableImpactError
 */
export async function* listActions(call: Call, window: ActionsWindow): AsyncGenerator<ListedAction> {
  for (const part of splitWindow(window)) yield* listPart(call, part);
}

/** Splits a window into parts of the length. Impact lists at most 45 days per request. */
export function splitWindow<W extends { from: Date; to: Date }>(window: W, lengthMs = MAX_RANGE_MS): W[] {
  const parts: W[] = [];
  for (let from = window.from.getTime(); from <= window.to.getTime(); from += lengthMs + 1) {
    const to = Math.min(from + lengthMs, window.to.getTime());
    parts.push({ ...window, from: new Date(from), to: new Date(to) });
  }
  return parts;
}

/**
 * Impact refuses a range of more than ten pages, and does not document that answer. So a refused range is halved, down
 * to one hour; if that is refused too, the reason is another one.
 */
async function* listPart(call: Call, part: ActionsWindow): AsyncGenerator<ListedAction> {
  const rangeMs = part.to.getTime() - part.from.getTime();
  const first = await readPage(call, firstQuery(part)).catch((error: unknown) => {
    const refused = error instanceof PermanentImpactError && error.code === 'impact_refused';
    if (refused && error.httpStatus !== 404 && rangeMs > HOUR_MS) return null;
    throw error;
  });
  if (!first) {
    for (const half of splitWindow(part, Math.floor(rangeMs / 2))) yield* listPart(call, half);
    return;
  }
  for (let page = first; ; page = await readPage(call, page.nextQuery)) {
    yield* page.actions;
    if (page.nextQuery === undefined) return;
  }
}

async function readPage(call: Call, query: string) {
  const exchange = await call(`/Actions?${query}`);
  const { success, data } = pageSchema.safeParse(parseJson(exchange.body));
  if (!success) throw unreadable(exchange);
  const next = data['@nextpageuri'];
  // Its path repeats the account. Recorded answers show that the query is complete.
  const nextQuery = /\?(.*)/.exec(next ?? '')?.[1];
  if (next && (!nextQuery || nextQuery === query)) throw unreadable(exchange);
  return { actions: data.Actions, nextQuery };
}

function firstQuery({ campaignId, from, to }: ActionsWindow): string {
  return new URLSearchParams({
    CampaignId: String(campaignId),
    ActionDateStart: from.toISOString(),
    ActionDateEnd: to.toISOString(),
    PageSize: String(PAGE_SIZE),
  }).toString();
}
