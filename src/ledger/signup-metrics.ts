import { Gauge, Registry } from 'prom-client';
import { CLOCK_SKEW_MS } from '../domain/clock-skew.js';
import type { SkipReason } from '../domain/conversion.js';
import type { CampaignEvent } from '../domain/programme/event.js';
import type { MetricsSource } from '../metrics-endpoint.js';
import type { Database } from '../mongo.js';
import { BY_EVENT, BY_REASON } from './conversion.model.js';
import { idsOf } from './list-conversions.js';

const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;
const HOURS = [6, 24] as const;
const WEEKS_BEFORE = [1, 2, 3, 4] as const;

/** Several scrapers may ask, and the numbers change slowly. */
const KEPT_MS = 60_000;

/** The user signed up without a click, or before any. For the other reasons, the signup had a click. */
const WITHOUT_CLICK = ['no_attribution', 'click_after_event'] satisfies SkipReason[];

/** It is held until its user appears: whether it has a click is not known yet. Or the user was erased: it is not known any more. */
const UNKNOWN = ['user_not_found', 'order_not_found', 'user_erased'] satisfies SkipReason[];

interface Signups {
  with: number;
  without: number;
}

/**
 * How many signups came with a click, and how many without: in the last hours, and in the same hours of the four weeks before.
 * The website loses clicks silently: each lost one looks like a user who came without a partner.
 * @param of the signup's event, and the time in which a late click may still come
 */
export function createSignupMetrics(
  db: Database,
  of: { signup: CampaignEvent; signupGraceMs: number },
): MetricsSource {
  let kept: { until: number; page: Promise<string> } | undefined;
  return {
    name: 'signups',
    read() {
      if (kept && Date.now() < kept.until) return kept.page;
      const page = readMetrics(db, of);
      const reading = { until: Date.now() + KEPT_MS, page };
      kept = reading;
      page.catch(() => {
        if (kept === reading) kept = undefined;
      });
      return page;
    },
  };
}

async function readMetrics(
  db: Database,
  { signup, signupGraceMs }: { signup: CampaignEvent; signupGraceMs: number },
): Promise<string> {
  const end = Date.now() - Math.max(signupGraceMs, CLOCK_SKEW_MS);
  const registry = new Registry();
  const gauge = new Gauge({
    name: 'affiliate_signups',
    help: 'Signups with and without a click, in the last hours (now), and in the same hours of the four weeks before (before).',
    labelNames: ['hours', 'period', 'click'],
    registers: [registry],
  });
  for (const hours of HOURS) {
    const between = (weeks: number) => {
      const to = end - weeks * WEEK_MS;
      return countSignups(db, signup.id, new Date(to - hours * HOUR_MS), new Date(to));
    };
    const [now, ...before] = await Promise.all([0, ...WEEKS_BEFORE].map(between));
    set(gauge, hours, 'now', now ? [now] : []);
    set(gauge, hours, 'before', before);
  }
  return registry.metrics();
}

function set(gauge: Gauge, hours: number, period: string, signups: readonly Signups[]): void {
  for (const click of ['with', 'without'] as const) {
    const count = signups.reduce((sum, each) => sum + each[click], 0);
    gauge.set({ hours, period, click }, count);
  }
}

/** From the keys of two indexes alone, without a document. */
async function countSignups(
  { conversions }: Database,
  event: string,
  from: Date,
  to: Date,
): Promise<Signups> {
  const createdAt = { $gte: from, $lt: to };
  const withReason = (reasons: SkipReason[]) =>
    conversions.countDocuments({ reason: { $in: reasons }, createdAt, _id: idsOf(event) }).hint(BY_REASON);
  const [all, without, unknown] = await Promise.all([
    conversions.countDocuments({ campaignEventId: event, createdAt }).hint(BY_EVENT),
    withReason(WITHOUT_CLICK),
    withReason(UNKNOWN),
  ]);
  return { with: all - without - unknown, without };
}
