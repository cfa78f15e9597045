import { createRandom, type Random } from '../trial/random.js';
import { type Currency, MINOR_UNITS } from '../trial/site-and-shop.js';

/** What one user does, and what the shop reports of it. */
export interface Journey {
  clerkId: string;
  /** After the beginning of the run. */
  startsAtMs: number;
  /** Without one, no partner brought the user. */
  clickId?: string;
  /** A browser's first page makes several calls at once, and only one carries the click id. */
  races: boolean;
  /** The shop takes the signup back, as a fake account. */
  signupIsReversed: boolean;
  /** The user comes back through this click before the sale. */
  returnsBy?: string;
  sale?: Sale;
}

export interface Sale {
  orderId: string;
  cents: number;
  currency: Currency;
  /** New amounts after the sale, in this order. */
  amounts: number[];
  isRefunded: boolean;
  /** What Impact will make of it later, where it does not simply accept it. */
  outcome?: SandboxOutcome;
}

/** In the words of the sandbox's route `/_sandbox/outcomes`. */
type SandboxOutcome = { type?: 'Reversal'; errorReason?: string; stuck?: true };

const CURRENCIES = Object.keys(MINOR_UNITS) as Currency[];

export interface Load {
  seed: number;
  /** Signups and sales. */
  count: number;
  lengthMs: number;
  /** How many journeys of a hundred have a sale. */
  salesPercent?: number | undefined;
  /** When a share of the journeys has begun, as a share of the time; evenly by default. */
  pace?: ((share: number) => number) | undefined;
}

/** The journeys of a seed. */
export function planJourneys({ seed, count, lengthMs, salesPercent = 60, pace = (share) => share }: Load) {
  const random = createRandom(seed, 1);
  const journeys: Journey[] = [];
  for (let conversions = 0; conversions < count; ) {
    const hasSale = conversions + 1 < count && random.chance(salesPercent);
    const startsAtMs = Math.floor(pace(conversions / count) * lengthMs);
    journeys.push(planJourney(random, `${seed}-${journeys.length}`, startsAtMs, hasSale));
    conversions += hasSale ? 2 : 1;
  }
  return journeys;
}

function planJourney(random: Random, id: string, startsAtMs: number, hasSale: boolean): Journey {
  const clickId = random.chance(85) ? `click:${id}-A` : undefined;
  return {
    clerkId: `user_${id}`,
    startsAtMs,
    ...(clickId !== undefined && { clickId }),
    races: random.chance(25),
    signupIsReversed: random.chance(4),
    ...(random.chance(20) && { returnsBy: `click:${id}-B` }),
    ...(hasSale && { sale: planSale(random, `order-${id}`) }),
  };
}

function planSale(random: Random, orderId: string): Sale {
  const amount = () => random.int(100, 99_999);
  const isRefunded = random.chance(15);
  const outcome = planOutcome(random, isRefunded);
  return {
    orderId,
    cents: amount(),
    currency: random.pick(CURRENCIES),
    amounts: random.chance(20) ? Array.from({ length: random.int(1, 3) }, amount) : [],
    isRefunded,
    ...(outcome && { outcome }),
  };
}

function planOutcome(random: Random, isRefunded: boolean): SandboxOutcome | undefined {
  if (random.chance(3)) return { errorReason: 'OTHER_REF_PRIORITIZED' };
  if (random.chance(2)) return { errorReason: 'CONTRACT_NOT_FOUND' };
  if (random.chance(1)) return { stuck: true };
  if (isRefunded && random.chance(5)) return { type: 'Reversal', errorReason: 'ACTION_REF_NOT_FOUND' };
  return undefined;
}
