import { describe, expect, it } from 'vitest';
import { programmeSchema } from '../../../src/domain/programme/schema.js';
import { TYPES } from '../../../src/domain/programme/types/index.js';

type Events = Record<string, Record<string, unknown>>;

const lead = (actionTrackerId: number, more = {}) => ({ type: 'lead', actionTrackerId, ...more });
const sale = (actionTrackerId: number, more = {}) => ({ type: 'sale', actionTrackerId, ...more });
const signup = lead(1);

/** `where: what is wrong`, for each fault of a programme. */
function faultsOf(events: Events, rest: Record<string, unknown> = {}): string[] {
  const { error } = programmeSchema(TYPES).safeParse({ campaignId: 1, events, ...rest });
  return error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];
}

describe('a programme', () => {
  it('is valid with a lead and its numbers alone', () => {
    expect(faultsOf({ signup })).toEqual([]);
  });

  it('takes every option at once', () => {
    const events = {
      signup,
      trial: lead(2, { after: 'signup', afterMinutes: 0, afterMaxHours: 48, referralWindowDays: null }),
      sale: sale(3, { after: 'trial', maxAmountCents: { USD: 100_000 }, description: 'A sale.' }),
    };
    const rest = { $schema: './programme.schema.json', attribution: 'first_click', signupEvent: 'signup' };
    expect(faultsOf(events, rest)).toEqual([]);
  });

  it('needs a lead, which the service records when it creates a user', () => {
    expect(faultsOf({ order: sale(1) })).toEqual([
      'events: must have an event of the type lead: the service records it when it creates a user',
    ]);
    expect(faultsOf({})).toHaveLength(1);
  });

  it.each(['order', 'no_such_event', 'constructor'])('has no %s as its signup, which is no lead', (id) => {
    expect(faultsOf({ signup, order: sale(2) }, { signupEvent: id })).toEqual([
      'signupEvent: must name a lead of this programme',
    ]);
  });

  it.each([
    ['of its own', faultsOf({ signup }, { campaign: 1 })],
    ['of an event', faultsOf({ signup: lead(1, { trackerId: 1 }) })],
  ])('has no unknown option %s', (_, faults) => {
    expect(faults).toEqual([expect.stringContaining('Unrecognized key')]);
  });

  it.each(['install', '', 'Lead', 'toString'])('has no event of the unknown type %j', (type) => {
    expect(faultsOf({ signup: { type, actionTrackerId: 1 } })).toEqual([
      'events.signup.type: Invalid option: expected one of "lead"|"sale"',
    ]);
  });

  it.each([0, -1, 1.5, '1', 10_000_000_000])('has no number %j, which is none of Impact', (number) => {
    expect(faultsOf({ signup }, { campaignId: number })).not.toEqual([]);
    expect(faultsOf({ signup: { type: 'lead', actionTrackerId: number } })).not.toEqual([]);
  });

  it.each(['any_click', 'LAST_CLICK'])('has no attribution %s', (attribution) => {
    expect(faultsOf({ signup }, { attribution })).toEqual([expect.stringContaining('attribution: ')]);
  });
});

describe('the id of an event', () => {
  it.each(['s', 'trial_start2', 'a'.repeat(39), 'constructor'])('may be %s', (id) => {
    expect(faultsOf({ [id]: signup })).toEqual([]);
  });

  it.each([
    'Signup',
    'trial-start',
    'trial:start',
    'trial/start',
    'trial start',
    '2nd_sale',
    '_signup',
    'größe',
    'toString',
    '',
    'a'.repeat(40),
  ])('may not be %j', (id) => {
    expect(faultsOf({ signup, [id]: lead(2) })).toEqual([expect.stringMatching(`^events.${id}: `)]);
  });
});

describe('an action tracker', () => {
  it('is of one event', () => {
    expect(faultsOf({ signup, trial: lead(2), order: sale(2), renewal: sale(2) })).toEqual([
      'events.order.actionTrackerId: is that of "trial" too: Impact would take both for one',
      'events.renewal.actionTrackerId: is that of "trial" too: Impact would take both for one',
    ]);
  });
});

describe('the event that another one waits for', () => {
  const childAfter = (id: string, more: Events = {}) =>
    faultsOf({ signup, child: lead(2, { after: id }), order: sale(3), ...more });

  it.each(['order', 'no_such_event', 'constructor'])('is not %s, which is no lead', (id) => {
    expect(childAfter(id)).toEqual(['events.child.after: must name a lead of this programme']);
  });

  it('is not the event itself', () => {
    expect(childAfter('child')).toEqual(['events.child.after: names the event itself']);
  });

  it('is none for the signup', () => {
    expect(faultsOf({ signup: lead(1, { after: 'trial' }), trial: lead(2) })).toEqual([
      'events.signup.after: is not for the signup, which comes first ("signupEvent" can name another lead)',
    ]);
  });

  it('does not wait for its child, directly or through others', () => {
    const cycle = { third: lead(4, { after: 'fourth' }), fourth: lead(5, { after: 'child' }) };
    const fault = 'is a cycle: each of these events would wait for the other';
    expect(childAfter('third', { ...cycle, outside: lead(6, { after: 'third' }) })).toEqual([
      `events.child.after: ${fault}`,
      `events.third.after: ${fault}`,
      `events.fourth.after: ${fault}`,
    ]);
  });

  it.each(['afterMinutes', 'afterMaxHours'])('is named where %s says how long to wait for it', (option) => {
    expect(faultsOf({ signup, order: sale(2, { [option]: 1 }) })).toEqual([
      `events.order.${option}: needs "after"`,
    ]);
  });
});

describe('the largest amount', () => {
  const faults = (maxAmountCents: object) => faultsOf({ signup, order: sale(2, { maxAmountCents }) });

  it.each(['usd', 'XXX', 'constructor'])('is in no unknown currency %s', (currency) => {
    expect(faults({ [currency]: 1 })).toEqual([
      `events.order.maxAmountCents.${currency}: is no ISO 4217 code in upper case`,
    ]);
  });

  it('is in a currency at least, as no amount would be accepted otherwise', () => {
    expect(faults({})).toEqual(['events.order.maxAmountCents: must have a currency']);
  });

  it('is above zero', () => {
    expect(faults({ USD: 0 })).toEqual([expect.stringContaining('events.order.maxAmountCents.USD: ')]);
  });

  it('is for sales only', () => {
    expect(faultsOf({ signup: lead(1, { maxAmountCents: { USD: 1 } }) })).toEqual([
      'events.signup.maxAmountCents: is for sales only',
    ]);
  });
});
