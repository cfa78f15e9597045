import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { quantile } from '../quantile.js';
import { PROCESSES, type ProcessName } from '../trial/names.js';
import type { System } from '../trial/system.js';
import type { Happened } from './faults.js';
import { formatTable, type Judged } from './report.js';

/** Resident memory of a process, in MB. */
export interface MemorySample {
  at: number;
  name: ProcessName;
  mb: number;
}

const SAMPLE_MS = 5_000;

export async function sampleMemory(
  system: System,
  samples: MemorySample[],
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    for (const name of PROCESSES) {
      const mb = readMemory(system, name);
      if (mb !== undefined) samples.push({ at: Date.now(), name, mb });
    }
    await delay(SAMPLE_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** https://man7.org/linux/man-pages/man5/proc_pid_status.5.html; undefined while the process is away */
function readMemory(system: System, name: ProcessName): number | undefined {
  try {
    const status = readFileSync(`/proc/${system.pidOf(name)}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1_024;
  } catch {
    return undefined;
  }
}

const PHASES = ['before', 'during', 'after'] as const;

/** What clients saw before, during and after what happened, and what the processes took. */
export function phaseTable(
  judged: readonly Judged[],
  samples: readonly MemorySample[],
  fault: Happened,
): string {
  const phaseOf = (at: number) => (at < fault.from ? 'before' : at <= fault.to ? 'during' : 'after');
  const attempts = judged.flatMap(({ wanted }) =>
    [wanted, ...wanted.adjustments].flatMap(({ asked }) => asked.attempts),
  );
  const results = [...new Set(attempts.map(({ result }) => result))].toSorted((a, b) => a.localeCompare(b));
  const memory = ['api', 'worker-1', 'temporal', 'mongod'] as const;
  const rows = PHASES.map((phase) => {
    const these = attempts.filter(({ at }) => phaseOf(at) === phase);
    const took = these.map(({ tookMs }) => tookMs);
    const peak = (name: ProcessName) =>
      Math.max(
        0,
        ...samples.filter((each) => each.name === name && phaseOf(each.at) === phase).map(({ mb }) => mb),
      );
    return [
      phase,
      ...results.map((result) => these.filter((each) => each.result === result).length),
      ...[0.5, 0.99, 1].map((share) => (quantile(took, share) ?? 0).toFixed(0)),
      ...memory.map((name) => peak(name).toFixed(0)),
    ];
  });
  const head = ['phase', ...results, 'p50 ms', 'p99 ms', 'max ms', ...memory.map((name) => `${name} MB`)];
  return formatTable([head, ...rows]);
}

/** How the backlog of the fault reached Impact after its end. */
export function drainText(judged: readonly Judged[], { to }: Happened): string {
  const drained = judged
    .map(({ wanted, atImpact }) => ({
      acceptedAt: wanted.asked.answeredAt ?? to,
      takenAt: atImpact?.conversions[0]?.at ?? 0,
    }))
    .filter(({ acceptedAt, takenAt }) => acceptedAt < to && takenAt > to)
    .toSorted((one, other) => one.takenAt - other.takenAt);
  if (drained.length < 2) return `${drained.length} conversions waited at the end.`;
  const after = drained.map(({ takenAt }) => (takenAt - to) / 1_000);
  const [half = 0, most = 0, all = 0] = [0.5, 0.95, 1].map((share) => quantile(after, share));
  const rate = (drained.length * 0.95) / Math.max(1, most - (after[0] ?? 0));
  return (
    `${drained.length} conversions waited at the end. Impact had half of them after ${half.toFixed(0)} s, 95 % after ` +
    `${most.toFixed(0)} s (${rate.toFixed(1)} a second), all after ${all.toFixed(0)} s. They came oldest first, give or ` +
    `take ${displacement(drained).toFixed(0)} places (median).`
  );
}

/** How far a conversion's place in the order of arrival at Impact is from its place in the order of acceptance. */
function displacement(drained: readonly { acceptedAt: number }[]): number {
  const byAcceptance = new Map(
    drained.toSorted((one, other) => one.acceptedAt - other.acceptedAt).map((each, place) => [each, place]),
  );
  const distances = drained.map((each, place) => Math.abs(place - (byAcceptance.get(each) ?? place)));
  return quantile(distances, 0.5) ?? 0;
}
