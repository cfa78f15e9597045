import { z } from 'zod';
import { CURRENCY_CODES } from '../money.js';
import type { EventTypes } from './types/index.js';

/** Impact's ids have ten digits at most. https://integrations.impact.com/impact-brand/reference/the-conversion-object */
const impactId = z.int().min(1).max(9_999_999_999);

/** With a user's id of 24 characters, it fits into Impact's `OrderId` of 64. */
const EVENT_ID = /^[a-z][a-z0-9_]{0,38}$/;

export const EVENT_ID_FORM =
  'must be 1 to 39 of a-z, 0-9 and _, beginning with a letter: it is a part of ids';

const eventId = z.string().regex(EVENT_ID, EVENT_ID_FORM);

/** What a company has agreed with Impact, as in the file that PROGRAMME_FILE names. */
export function programmeSchema(types: EventTypes) {
  return programmeShape(types).superRefine(checkEvents);
}

function programmeShape(types: EventTypes) {
  const event = z.strictObject({
    type: z
      .enum(Object.keys(types))
      .describe(
        '`lead`: once per user. `sale`: with an order id and an amount, as often as there are orders.',
      ),
    actionTrackerId: impactId.describe("Impact's number of this event type."),
    referralWindowDays: z
      .int()
      .min(1)
      .max(3_650)
      .nullable()
      .default(30)
      .describe(
        "How many days after the click the event may happen; null leaves it to Impact's contract, as for renewals.",
      ),
    description: z.string().min(1).max(200).optional().describe('For the API document.'),
    maxAmountCents: z
      .record(z.string(), z.int().min(1))
      .refine((maxima) => Object.keys(maxima).length > 0, 'must have a currency')
      .optional()
      .describe(
        "The largest amount of one conversion by currency, in the currency's minor unit. Other currencies are refused.",
      ),
    after: eventId
      .optional()
      .describe('A lead of the same user. This event is not sent before Impact has received the lead.'),
    afterMinutes: z.number().min(0).max(1_440).optional().describe('How long after it; 5 by default.'),
    afterMaxHours: z
      .number()
      .min(0)
      .max(2_000)
      .optional()
      .describe(
        'How long this event waits for a lead that is parked, or that no backend has published; 24 by default.',
      ),
  });
  return z.strictObject({
    $schema: z.string().optional(),
    campaignId: impactId.describe("Impact's number of the affiliate programme."),
    attribution: z
      .enum(['last_click', 'first_click'])
      .default('last_click')
      .describe('Which of the clicks that brought a user is credited.'),
    signupEvent: eventId
      .optional()
      .describe('The lead that the service records when it creates a user; by default the first one.'),
    events: z.record(eventId, event),
  });
}

export type ProgrammeData = z.output<ReturnType<typeof programmeShape>>;
export type ProgrammeInput = z.input<ReturnType<typeof programmeShape>>;
export type EventRow = ProgrammeData['events'][string];
export type AttributionPolicy = ProgrammeData['attribution'];

export function signupIdOf({ signupEvent, events }: Pick<ProgrammeData, 'signupEvent' | 'events'>) {
  return signupEvent ?? Object.keys(events).find((id) => events[id]?.type === 'lead');
}

/** What no field alone can say. */
function checkEvents(programme: ProgrammeData, context: z.RefinementCtx): void {
  const { events } = programme;
  const fault = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
  const signupId = signupIdOf(programme);
  if (signupId === undefined)
    fault(['events'], 'must have an event of the type lead: the service records it when it creates a user');
  else if (ownEvent(events, signupId)?.type !== 'lead')
    fault(['signupEvent'], 'must name a lead of this programme');
  for (const [id, row] of Object.entries(events)) {
    const path = ['events', id];
    const twin = Object.keys(events).find((other) => events[other]?.actionTrackerId === row.actionTrackerId);
    if (twin !== id)
      fault([...path, 'actionTrackerId'], `is that of "${twin}" too: Impact would take both for one`);
    for (const currency of Object.keys(row.maxAmountCents ?? {}))
      if (!CURRENCY_CODES.includes(currency))
        fault([...path, 'maxAmountCents', currency], 'is no ISO 4217 code in upper case');
    if (row.maxAmountCents && row.type !== 'sale') fault([...path, 'maxAmountCents'], 'is for sales only');
    for (const option of ['afterMinutes', 'afterMaxHours'] as const)
      if (row[option] !== undefined && row.after === undefined) fault([...path, option], 'needs "after"');
    const wrongParent = parentFault(programme, id, row.after);
    if (wrongParent) fault([...path, 'after'], wrongParent);
  }
}

function parentFault(programme: ProgrammeData, id: string, after: string | undefined): string | undefined {
  const { events } = programme;
  if (after === undefined) return undefined;
  if (after === id) return 'names the event itself';
  if (id === signupIdOf(programme))
    return 'is not for the signup, which comes first ("signupEvent" can name another lead)';
  if (ownEvent(events, after)?.type !== 'lead') return 'must name a lead of this programme';
  return isInCycle(events, id) ? 'is a cycle: each of these events would wait for the other' : undefined;
}

function ownEvent(events: ProgrammeData['events'], id: string): EventRow | undefined {
  return Object.hasOwn(events, id) ? events[id] : undefined;
}

function isInCycle(events: ProgrammeData['events'], id: string): boolean {
  const seen = new Set<string>();
  let next = ownEvent(events, id)?.after;
  for (; next !== undefined && !seen.has(next); next = ownEvent(events, next)?.after) {
    if (next === id) return true;
    seen.add(next);
  }
  return false;
}
