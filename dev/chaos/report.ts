import type { AtImpact } from '../trial/at-impact.js';
import type { Outcome, Problem, Verdict } from '../trial/check.js';
import { isAccepted } from '../trial/client.js';
import type { Wanted } from '../trial/wanted.js';
import type { Happened } from './faults.js';

/** A conversion with everything that is known of it. */
export interface Judged {
  wanted: Wanted;
  atImpact: AtImpact | undefined;
  verdict: Verdict;
}

type Summary = Record<'accepted' | Problem['kind'] | Exclude<Outcome, 'lost'>, number> & {
  seed: number;
};

/** Of `lost`, `doubled` and `wrong`, each conversion counts once. */
export function summarize(judged: readonly Judged[], seed: number): Summary {
  const withOutcome = (outcome: Outcome) =>
    judged.filter(({ verdict }) => verdict.outcome === outcome).length;
  return {
    accepted: judged.filter(({ wanted }) => isAccepted(wanted.asked)).length,
    lost: countProblems(judged, 'lost'),
    doubled: countProblems(judged, 'doubled'),
    wrong: countProblems(judged, 'wrong'),
    confirmed: withOutcome('confirmed'),
    uncredited: withOutcome('uncredited'),
    declined: withOutcome('declined'),
    parked: withOutcome('parked'),
    skipped: withOutcome('skipped'),
    reversed: withOutcome('reversed'),
    unanswered: withOutcome('unanswered'),
    seed,
  };
}

function countProblems(judged: readonly Judged[], kind: Problem['kind']): number {
  return judged.filter(({ verdict }) => verdict.problems.some((problem) => problem.kind === kind)).length;
}

type Period = { from: number; to: number };

/** Where a conversion was, and when: with its client, between API and Impact, with Impact, or being changed. */
const PHASES: Record<string, (judged: Judged) => Period[]> = {
  accept: ({ wanted }) => [periodOf(wanted.asked.askedAt, wanted.asked.answeredAt)],
  report: ({ wanted, atImpact }) =>
    isAccepted(wanted.asked) ? [periodOf(wanted.asked.answeredAt, atImpact?.conversions[0]?.at)] : [],
  confirm: ({ atImpact }) =>
    atImpact?.conversions[0]
      ? [periodOf(atImpact.conversions[0].at, atImpact.actions[0]?.states[0]?.at)]
      : [],
  change: ({ wanted, atImpact }) =>
    wanted.adjustments.map(({ asked }, index) => periodOf(asked.askedAt, atImpact?.changesAt[index])),
};

/** Without an end it may have been in the phase until the end of the run: only its beginning counts. */
function periodOf(from = 0, to = from): Period {
  return { from, to };
}

const KINDS = ['lost', 'doubled', 'wrong'] as const;

/** One row for each fault: how often it happened, how many conversions it met in which phase, and what became of these. */
export function faultTable(judged: readonly Judged[], happened: readonly Happened[]): string {
  const names = [...new Set(happened.map(nameOf))].toSorted((a, b) => a.localeCompare(b));
  const rows = names.map((name) => {
    const times = happened.filter((fault) => nameOf(fault) === name);
    const inPhase = Object.values(PHASES).map((periods) =>
      judged.filter((each) => meets(periods(each), times)),
    );
    const met = [...new Set(inPhase.flat())];
    return [
      name,
      times.length,
      ...inPhase.map((each) => each.length),
      ...KINDS.map((kind) => countProblems(met, kind)),
    ];
  });
  const all = [
    'all',
    happened.length,
    ...Object.keys(PHASES).map(() => ''),
    ...KINDS.map((kind) => countProblems(judged, kind)),
  ];
  return formatTable([['fault', 'times', ...Object.keys(PHASES), ...KINDS], ...rows, all]);
}

function nameOf({ kind, target }: Happened): string {
  return `${kind} ${target}`;
}

/** A fault in Impact's answers is planned in a moment, and meets the requests that come next. */
const IMPACT_FAULT_MS = 3_000;

function meets(periods: readonly Period[], faults: readonly Happened[]): boolean {
  return periods.some(({ from, to }) =>
    faults.some(
      (fault) => from <= fault.to + (fault.kind === 'impact' ? IMPACT_FAULT_MS : 0) && to >= fault.from,
    ),
  );
}

export function formatTable(rows: readonly (readonly (string | number)[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => String(row[column]).length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 ? String(cell).padEnd(widths[0] ?? 0) : String(cell).padStart(widths[column] ?? 0),
        )
        .join('  '),
    )
    .join('\n');
}
