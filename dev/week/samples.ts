import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { PROJECT } from '../trial/launch.js';
import type { Clock } from './clock.js';

export const ALERTS_FILE = join(PROJECT, 'monitoring', 'prometheus', 'alerts.yml');

/** The value of each series at one step, by its name and labels as Prometheus writes them. */
export type Sample = Map<string, number>;

/** One process, as monitoring/prometheus/prometheus.yml names its job. `page` is undefined where it did not answer. */
export interface Scraped {
  job: 'affiliate-api' | 'affiliate-worker';
  page: string | undefined;
  /** In milliseconds of the wall's clock. */
  at: number;
}

/** The service's metrics that the alerts ask for. */
export function metricsOfAlerts(): Set<string> {
  const file = parse(readFileSync(ALERTS_FILE, 'utf8')) as { groups: { rules: { expr: string }[] }[] };
  const expressions = file.groups.flatMap(({ rules }) => rules.map(({ expr }) => expr));
  return new Set(expressions.join(' ').match(/\b(affiliate|temporal)_\w+/g));
}

const LINE = /^\w+(?:\{(.*)\})? (\S+)$/;

/** As Prometheus would have stored one scrape of each process. */
export function toSample(scraped: readonly Scraped[], wanted: ReadonlySet<string>, clock: Clock): Sample {
  const sample: Sample = new Map();
  for (const { job, page, at } of scraped) {
    const target = `instance="${job}",job="${job}"`;
    sample.set(`up{${target}}`, page === undefined ? 0 : 1);
    for (const line of page?.split('\n') ?? []) {
      const name = line.slice(0, line.search(/[{ ]/));
      if (!wanted.has(name)) continue;
      const [, labels = '', value] = LINE.exec(line) ?? [];
      const series = `${name}{${[labels, target].filter(Boolean).join(',')}}`;
      sample.set(series, inTheWeek(name, Number(value), at, clock));
    }
  }
  return sample;
}

/** The service measures by the wall's clock: a wait, an age and a time are translated to the week's. */
function inTheWeek(name: string, value: number, at: number, clock: Clock): number {
  // 0: never, and nothing waits.
  if (value === 0) return 0;
  // The API fetches the keys by a timer of five minutes, which is not compressed, and neither is the age of the keys.
  if (name === 'affiliate_issuer_keys_timestamp_seconds') return clock.weekOf(at) - (at / 1_000 - value);
  if (name.endsWith('_timestamp_seconds')) return clock.weekOf(value * 1_000);
  if (/_(waiting|age)_seconds$/.test(name)) return clock.weekOf(at) - clock.weekOf(at - value * 1_000);
  return value;
}
