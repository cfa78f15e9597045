import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import { DAY, HOUR, nameOf, STEP } from './clock.js';
import { ALERTS_FILE, type Sample } from './samples.js';

/** An alert that fires, with its labels, and when it fires first, give or take ten minutes. */
export interface Fired {
  labels: string;
  at: number;
}

/**
 * Has Prometheus' own engine evaluate the shipped alerts for each minute of the week. promtool expects that no alert ever
 * fires, and prints each one that does.
 * @param file where to write promtool's test
 */
export async function evaluate(samples: readonly Sample[], file: string): Promise<Fired[]> {
  await writeFile(file, stringify(testOf(samples)));
  try {
    await promisify(execFile)('promtool', ['test', 'rules', file], { maxBuffer: 64 * 1024 * 1024 });
    return [];
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    const fired = readFired(`${stdout}${stderr}`);
    if (fired.length === 0) throw error;
    return fired;
  }
}

export function describeFired({ labels, at }: Fired): string {
  return `${labels} since ${nameOf(at)}`;
}

/** How exactly the run says when an alert fires. */
const LOOK = 4 * STEP;

/** https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/ */
export function testOf(samples: readonly Sample[]) {
  const looks = Math.ceil((samples.length * STEP) / LOOK);
  return {
    rule_files: [ALERTS_FILE],
    evaluation_interval: `${STEP}s`,
    tests: [
      {
        interval: `${STEP}s`,
        input_series: seriesOf(samples),
        // Every evaluation is in the look after it.
        promql_expr_test: Array.from({ length: looks }, (_, index) => ({
          expr: `last_over_time(ALERTS{alertstate="firing"}[${LOOK}s])`,
          eval_time: `${(index + 1) * LOOK - STEP}s`,
          exp_samples: [],
        })),
      },
    ],
  };
}

function seriesOf(samples: readonly Sample[]): { series: string; values: string }[] {
  const names = new Set(samples.flatMap((sample) => [...sample.keys()]));
  return [...names].map((series) => ({
    series,
    values: valuesOf(samples.map((sample) => sample.get(series))),
  }));
}

/** As Prometheus does, a series that is no longer on its page ends at once: `stale`. */
function valuesOf(values: readonly (number | undefined)[]): string {
  const words = values.map((value, index) =>
    value === undefined
      ? values[index - 1] === undefined
        ? '_'
        : 'stale'
      : String(Math.round(value * 1_000) / 1_000),
  );
  const runs: { word: string; times: number }[] = [];
  for (const word of words) {
    const last = runs.at(-1);
    if (last?.word === word) last.times += 1;
    else runs.push({ word, times: 1 });
  }
  // `1x2` is three times 1, and `_x2` twice nothing.
  return runs
    .map(({ word, times }) => {
      if (times === 1) return word;
      return word === '_' ? `_x${times}` : `${word}x${times - 1}`;
    })
    .join(' ');
}

/** promtool prints a look that found something as `time: 1d2h30m, … got: {__name__="ALERTS", alertname="…", …} 1E+00`. */
function readFired(output: string): Fired[] {
  const first = new Map<string, number>();
  for (const look of output.split('expr:').slice(1)) {
    const at = secondsOf(/ time: (\w+)/.exec(look)?.[1] ?? '');
    for (const [, labels = ''] of look.matchAll(/\{__name__="ALERTS", ([^}]*)\} /g))
      if (!first.has(labels)) first.set(labels, at);
  }
  return [...first].map(([labels, at]) => ({ labels: labels.replace(', alertstate="firing"', ''), at }));
}

const UNITS: Record<string, number> = { d: DAY, h: HOUR, m: 60, s: 1 };

function secondsOf(duration: string): number {
  const parts = [...duration.matchAll(/(\d+)([dhms])/g)];
  return parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (UNITS[unit] ?? 0), 0);
}
