import { describe, expect, it } from 'vitest';
import { checkMaxAmount } from '../../../src/domain/max-amount.js';
import { parseProgramme } from '../../../src/domain/programme/programme.js';
import { programmeWith } from '../../support/programme.js';

const trials = parseProgramme({
  campaignId: 7,
  signupEvent: 'visit',
  events: {
    trial_start: { type: 'lead', actionTrackerId: 2, after: 'visit' },
    visit: { type: 'lead', actionTrackerId: 1 },
    order: { type: 'sale', actionTrackerId: 3, after: 'visit', afterMinutes: 0, afterMaxHours: 1 },
  },
});

describe('the events of a programme', () => {
  it('are found by their ids, with the number of the campaign', () => {
    expect(trials.get('order')).toMatchObject({ id: 'order', campaignId: 7, actionTrackerId: 3 });
  });

  it.each(['trial', '', 'toString', '__proto__', 'constructor'])(
    'do not include %j: the refusal names the known ones',
    (id) => {
      expect(() => trials.get(id)).toThrow(
        expect.objectContaining({
          code: 'unknown_campaign_event',
          message: `There is no campaign event "${id}". Known: trial_start, visit, order.`,
        }),
      );
    },
  );

  it('may have the name of what every object has', () => {
    const programme = programmeWith({ constructor: { type: 'lead', actionTrackerId: 3 } });
    expect(programme.get('constructor')).toMatchObject({ id: 'constructor', type: 'lead' });
  });

  it('wait five minutes for their parent and a day for a missing one, unless they say otherwise', () => {
    expect(trials.get('trial_start').after).toEqual({ eventId: 'visit', minutes: 5, maxHours: 24 });
    expect(trials.get('order').after).toEqual({ eventId: 'visit', minutes: 0, maxHours: 1 });
  });

  it('know their children', () => {
    expect(trials.childrenOf('visit').map(({ id }) => id)).toEqual(['trial_start', 'order']);
    expect(trials.childrenOf('order')).toEqual([]);
  });
});

describe('the example of a sale', () => {
  it.each([{ EUR: 100 }, { JPY: 1_000_000 }, { USD: 4_900 }])('has an amount within %j', (maxAmountCents) => {
    const order = { type: 'sale', actionTrackerId: 3, maxAmountCents };
    const event = programmeWith({ order }).get('order');
    expect(() => checkMaxAmount(event, event.payload.parse(event.example))).not.toThrow();
  });
});

describe('the signup', () => {
  it('is the lead that the programme names', () => {
    expect(trials.signup.id).toBe('visit');
  });

  it('is the first lead, if the programme names none', () => {
    const events = {
      order: { type: 'sale', actionTrackerId: 1 },
      visit: { type: 'lead', actionTrackerId: 2 },
      trial: { type: 'lead', actionTrackerId: 3 },
    };
    expect(parseProgramme({ campaignId: 1, events }).signup.id).toBe('visit');
  });

  it('alone reports a new customer', () => {
    expect(trials.get('visit').details({})).toEqual({ customerStatus: 'New' });
    expect(trials.get('trial_start').details({})).toEqual({});
  });
});

it('credits the last click unless the programme says the first', () => {
  expect(trials.attribution).toBe('last_click');
  expect(programmeWith({}, { attribution: 'first_click' }).attribution).toBe('first_click');
});
