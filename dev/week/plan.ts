import type { Outcome } from '../trial/check.js';
import { createRandom, type Random } from '../trial/random.js';
import type { Currency } from '../trial/site-and-shop.js';
import { DAY, HOUR, WEEK } from './clock.js';
import { momentOfBusiness } from './rhythm.js';

/** A signup or a sale, and everything that happens to it. Moments are seconds of the week. */
export interface Planned {
  event: 'signup' | 'sale_subscription';
  clerkId: string;
  /** Of the click that brought the user. Without one, Impact gets nothing. */
  clickId?: string;
  occursAt: number;
  /** When the API hears of it. */
  publishedAt: number;
  sale?: { orderId: string; cents: number; currency: Currency };
  change?: { at: number; cents?: number };
  /** How Impact decides, if it gets it. */
  fate: 'credited' | 'declined' | 'uncredited';
}

export interface Week {
  conversions: Planned[];
  /** In which Impact answers 503. */
  outage: { from: number; to: number };
  audits: number[];
}

/** Of a hundred. */
const WITH_CLICK = 75;
const BUYERS = 80;
/** Of a hundred conversions. */
const REFUNDED = 3;
const CHANGED = 1;
const DECLINED = 1;
const UNCREDITED = 0.5;

const OUTAGE = { from: DAY + 10 * HOUR, to: DAY + 12 * HOUR };
/** The hour of the daily audit. */
const AUDIT = 3 * HOUR;

/** A week of ordinary business: the same for the same seed. */
export function planWeek(seed: number, count: number): Week {
  const random = createRandom(seed, 1);
  const conversions = [...lateOrder(seed), ...heldSale(seed)];
  for (let user = 0; conversions.length < count; user += 1) {
    const id = `${seed}-${user}`;
    const signup = signupOf(id, momentOfBusiness(random), random.chance(WITH_CLICK));
    conversions.push(signup);
    if (conversions.length < count && random.chance(BUYERS))
      conversions.push(planSale(random, signup, `order-${id}`));
  }
  decideFates(createRandom(seed, 2), conversions);
  planChanges(createRandom(seed, 3), conversions);
  return { conversions, outage: OUTAGE, audits: Array.from({ length: 7 }, (_, day) => day * DAY + AUDIT) };
}

/** The ledger notes a refund of a conversion that Impact does not have. */
export function expectedOutcome({ clickId, fate, change }: Planned): Outcome {
  if (clickId !== undefined && fate === 'uncredited') return 'uncredited';
  if (change && change.cents === undefined) return 'reversed';
  if (clickId === undefined) return 'skipped';
  return fate === 'credited' ? 'confirmed' : fate;
}

function signupOf(id: string, at: number, hasClick = true): Planned {
  return {
    event: 'signup',
    clerkId: `user_${id}`,
    ...(hasClick && { clickId: `click:${id}` }),
    // Some time is left for a sale.
    occursAt: Math.min(at, WEEK - 2 * HOUR),
    publishedAt: Math.min(at, WEEK - 2 * HOUR),
    fate: 'credited',
  };
}

function saleOf(buyer: Planned, orderId: string, at: number, cents: number, currency: Currency): Planned {
  return {
    ...buyer,
    event: 'sale_subscription',
    occursAt: at,
    publishedAt: at,
    sale: { orderId, cents, currency },
  };
}

/** Half of the sales come within six hours, and the others later. */
function planSale(random: Random, buyer: Planned, orderId: string): Planned {
  const earliest = buyer.occursAt + HOUR / 6;
  const soon = earliest + random.int(0, 6 * HOUR);
  const at = random.chance(50) && soon < WEEK ? soon : momentOfBusiness(random, earliest);
  return saleOf(buyer, orderId, at, random.int(900, 14_900), random.pick(['USD', 'USD', 'EUR', 'JPY']));
}

/** The shop publishes an order days after it was made. */
function lateOrder(seed: number): Planned[] {
  const signup = signupOf(`${seed}-late`, 9 * HOUR);
  const sale = saleOf(signup, `order-${seed}-late`, DAY + 9 * HOUR, 4_900, 'USD');
  return [signup, { ...sale, publishedAt: 4 * DAY + 9 * HOUR }];
}

/** The shop's webhook is a few minutes faster than the first request of the user's browser. */
function heldSale(seed: number): Planned[] {
  const signup = signupOf(`${seed}-held`, 3 * DAY + 9 * HOUR);
  return [signup, saleOf(signup, `order-${seed}-held`, signup.occursAt - 240, 4_900, 'USD')];
}

/** Any conversion that Impact gets may be one that it does not credit. */
function decideFates(random: Random, conversions: readonly Planned[]): void {
  const reported = random.shuffle(conversions.filter(({ clickId }) => clickId !== undefined));
  const share = (percent: number) => Math.ceil((conversions.length * percent) / 100);
  for (const planned of reported.splice(0, share(DECLINED))) planned.fate = 'declined';
  for (const planned of reported.splice(0, share(UNCREDITED))) planned.fate = 'uncredited';
}

/** The shop does not know which of its orders Impact has credited: refunds meet each kind. */
function planChanges(random: Random, conversions: readonly Planned[]): void {
  const sales = random.shuffle(
    conversions.filter(({ sale, publishedAt }) => sale && publishedAt < WEEK - HOUR),
  );
  const isOfEachKind = [
    sales.find(({ fate }) => fate === 'declined'),
    sales.find(({ fate }) => fate === 'uncredited'),
    sales.find(({ clickId }) => clickId === undefined),
  ].filter((planned) => planned !== undefined);
  const others = sales.filter((planned) => !isOfEachKind.includes(planned));
  const share = (percent: number) => Math.ceil((conversions.length * percent) / 100);
  const later = ({ publishedAt }: Planned) => random.int(publishedAt + HOUR / 2, WEEK - 1);
  const refunded = [...isOfEachKind, ...others.splice(0, share(REFUNDED) - isOfEachKind.length)];
  for (const planned of refunded) planned.change = { at: later(planned) };
  for (const planned of others.splice(0, share(CHANGED)))
    planned.change = { at: later(planned), cents: random.int(900, 14_900) };
}
