import { conversionId } from '../conversion.js';
import { DomainError } from '../errors.js';
import type { EventType, TypedEvent } from './define-type.js';
import type { CampaignEvent, Payload } from './event.js';
import { type EventRow, type ProgrammeData, programmeSchema, signupIdOf } from './schema.js';
import { type EventTypes, TYPES } from './types/index.js';

export type Programme = ReturnType<typeof createProgramme>;

/** How a child waits for its parent, unless its row says otherwise. */
const AFTER = { minutes: 5, maxHours: 24 };

/** @throws ZodError */
export function parseProgramme(input: unknown, types: EventTypes = TYPES): Programme {
  return createProgramme(programmeSchema(types).parse(input), types);
}

/** @param data as checked by `programmeSchema(types)` */
export function createProgramme(data: ProgrammeData, types: EventTypes = TYPES) {
  const { attribution, campaignId, events } = data;
  const signupId = signupIdOf(data);
  const all = Object.entries(events).map(([id, row]) => {
    const type = types[row.type];
    if (!type) throw new Error(`there is no event type ${row.type}`);
    return createEvent({ id, isSignup: id === signupId }, row, type, campaignId);
  });
  const byId = new Map(all.map((event) => [event.id, event]));
  const signup = byId.get(signupId ?? '');
  if (!signup) throw new Error('the programme has no lead');
  const ids = [...byId.keys()];
  return {
    attribution,
    campaignId,
    all,
    ids,
    /** The lead that the service records when it creates a user. */
    signup,
    /** undefined where the programme does not have it, as of a conversion of another programme. */
    find: (id: string): CampaignEvent | undefined => byId.get(id),
    /** @throws DomainError `unknown_campaign_event`, naming the known ones */
    get(id: string): CampaignEvent {
      const event = byId.get(id);
      if (event) return event;
      throw new DomainError(
        'unknown_campaign_event',
        `There is no campaign event "${id}". Known: ${ids.join(', ')}.`,
      );
    },
    /** What an event waits for, if the programme has the event, and the event waits for another. */
    parentOf: (id: string) => byId.get(id)?.after,
    /** The ids of the conversions that would have this order id at Impact. */
    conversionIdsOf: (orderId: string): string[] =>
      all.flatMap((event) => {
        const known = event.fromOrderId(orderId);
        return known ? [conversionId(event.id, event.key(known))] : [];
      }),
    /** The events that wait for this one. */
    childrenOf: (id: string): CampaignEvent[] => all.filter(({ after }) => after?.eventId === id),
  };
}

function createEvent(of: TypedEvent, row: EventRow, type: EventType, campaignId: number): CampaignEvent {
  const { actionTrackerId, referralWindowDays, maxAmountCents, description = type.description, after } = row;
  const { minutes, maxHours } = AFTER;
  return {
    id: of.id,
    type: row.type,
    description,
    campaignId,
    actionTrackerId,
    referralWindowDays,
    ...(maxAmountCents ? { maxAmountCents } : {}),
    ...(after === undefined
      ? {}
      : {
          after: {
            eventId: after,
            minutes: row.afterMinutes ?? minutes,
            maxHours: row.afterMaxHours ?? maxHours,
          },
        }),
    payload: type.payload(of),
    problems: (payload) => type.problems?.(payload) ?? [],
    example: exampleOf(type, maxAmountCents),
    // Its amounts fit each other, and perhaps not a maximum.
    ...(type.fullExample && !maxAmountCents ? { fullExample: type.fullExample } : {}),
    key: type.key,
    fromKey: type.fromKey,
    orderId: (event) => type.orderId(event, of),
    fromOrderId: (orderId) => type.fromOrderId(orderId, of),
    amount: (payload) => type.amount?.(payload),
    details: (payload) => type.details(payload, of),
  };
}

/** With an amount that the event takes. */
function exampleOf({ example }: EventType, maxAmountCents: EventRow['maxAmountCents']): Payload {
  const [maximum] = Object.entries(maxAmountCents ?? {});
  if (!maximum) return example;
  const [currency, max] = maximum;
  return { ...example, currency, totalAmountCents: Math.min(max, Number(example.totalAmountCents)) };
}
