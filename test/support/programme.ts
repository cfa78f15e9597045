import { DEFAULT_PROGRAMME } from '../../src/domain/programme/default-programme.js';
import type { CampaignEvent } from '../../src/domain/programme/event.js';
import { type Programme, parseProgramme } from '../../src/domain/programme/programme.js';
import type { ProgrammeInput } from '../../src/domain/programme/schema.js';
import { type EventTypes, TYPES } from '../../src/domain/programme/types/index.js';

/** The built-in programme with more events, or with other rows for its own. */
export function programmeWith(
  events: ProgrammeInput['events'],
  { types = TYPES, ...rest }: Partial<ProgrammeInput> & { types?: EventTypes } = {},
): Programme {
  return parseProgramme(
    { ...DEFAULT_PROGRAMME, ...rest, events: { ...DEFAULT_PROGRAMME.events, ...events } },
    types,
  );
}

const programme = programmeWith({});

/** The events of the built-in programme. */
export const signup: CampaignEvent = programme.get('signup');
export const saleSubscription: CampaignEvent = programme.get('sale_subscription');

/** The built-in programme with a chain: a sale waits for the signup of its user. */
export function chainedProgramme(
  times: { afterMinutes?: number; afterMaxHours?: number } = {},
  others: ProgrammeInput['events'] = {},
): Programme {
  const sale = { ...DEFAULT_PROGRAMME.events.sale_subscription, type: 'sale', actionTrackerId: 99999 };
  return programmeWith({ sale_subscription: { ...sale, after: 'signup', ...times }, ...others });
}
