import { defaultProgramme as programme } from '../../src/domain/programme/default-programme.js';
import { countConversions } from '../../src/ledger/count-conversions.js';
import { listConversions } from '../../src/ledger/list-conversions.js';
import { explainUser } from '../../src/operations/explain-user.js';
import { findConversions } from '../../src/operations/find-conversions.js';
import { type ConversionQuery, toFilter } from '../../src/operations/query-conversions.js';
import { busyClerkId, busyUserId, conversionOf, userIdOf } from './ledger.js';
import { DAY_MS, type LedgerQuery, LIMIT, type Seeded } from './queries.js';

/** The searches and counts of routes and commands. */

/** By what a caller has, as the route asks. */
const search = (name: string, queryOf: (ledger: Seeded) => ConversionQuery, flat = true): LedgerQuery => ({
  work: `list ${name}`,
  async run(ledger) {
    const { db } = ledger;
    const filter = await toFilter({ db, programme, userIdOf }, queryOf(ledger));
    return listConversions(db, filter, { limit: LIMIT });
  },
  flat,
});

const find = (name: string, textOf: (ledger: Seeded) => string): LedgerQuery => ({
  work: `find ${name}`,
  run: (ledger) => findConversions({ db: ledger.db, programme, userIdOf }, textOf(ledger)),
  flat: true,
});

/** A span of days, which ends some days ago. */
const span = ({ now }: Seeded, days: number, endedDays: number) => ({
  occurredFrom: new Date(now - (days + endedDays) * DAY_MS),
  occurredTo: new Date(now - endedDays * DAY_MS),
});

const someOrder = ({ size }: Seeded) => `order-${Math.floor(size / 6) * 3 + 2}`;

export const SEARCHES: LedgerQuery[] = [
  search('click=', () => ({ clickId: 'click-0' })),
  search('click=(none has it)', () => ({ clickId: 'unknown-click' })),
  search('click= status=confirmed', () => ({ clickId: 'click-0', status: 'confirmed' })),
  search('order=', (ledger) => ({ orderId: someOrder(ledger) })),
  search('clerk=', () => ({ clerkId: busyClerkId })),
  search('clerk=(has not come)', () => ({ clerkId: 'user_nobody' })),
  search('from= to= (a day)', (ledger) => span(ledger, 1, 30)),
  search('from= (a year)', (ledger) => ({ ...span(ledger, 366, 0), occurredTo: undefined })),
  search('from= to= status=confirmed', (ledger) => ({ ...span(ledger, 200, 100), status: 'confirmed' })),
  search('from= to= status=reversed', (ledger) => ({ ...span(ledger, 200, 100), status: 'reversed' }), false),
  // MongoDB reads what is submitted now, and not the year.
  search(
    'from= to= status=submitted (none is)',
    (ledger) => ({ ...span(ledger, 355, 10), status: 'submitted' }),
    false,
  ),
  search('from= to= reason=too_old', (ledger) => ({ ...span(ledger, 355, 10), reason: 'too_old' }), false),
  search('from= to= status=parked', (ledger) => ({ ...span(ledger, 355, 10), status: 'parked' }), false),
  search('from= to= user=', (ledger) => ({ ...span(ledger, 355, 10), userId: busyUserId })),
  search(
    'from= to= event=(none has it)',
    (ledger) => ({ ...span(ledger, 355, 10), event: 'trial_started' }),
    false,
  ),
  find('conversion', ({ size, now }) => conversionOf(Math.floor(size / 2), size, now)._id),
  find('order', someOrder),
  find('click', () => 'click-0'),
  find('clerk id', () => busyClerkId),
  find('user id', () => busyUserId),
  find('day', ({ now }) => new Date(now - 30 * DAY_MS).toISOString().slice(0, 10)),
  find('(nothing)', () => 'nothing-of-it'),
  {
    work: 'a user, with clicks and conversions',
    run: ({ db }) => explainUser({ db, programme, userIdOf }, busyClerkId),
    flat: true,
  },
  // It reads each key of two indexes, so it grows with the ledger.
  {
    work: 'counts by status and reason, and of 30 days',
    run: ({ db }) => countConversions(db, 30),
    flat: false,
  },
  {
    work: 'counts by status and reason, and of 90 days',
    run: ({ db }) => countConversions(db, 90),
    flat: false,
  },
];
