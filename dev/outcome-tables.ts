import { isHeld } from '../src/domain/conversion.js';
import { FINDINGS } from '../src/domain/findings.js';
import { IMPACT_REASONS } from '../src/domain/impact-reasons.js';
import { PARK_REASONS } from '../src/domain/park-reasons.js';
import { isDeclined, type Outcome, reasonOf, SKIPS, type StateCode } from '../src/domain/reasons.js';
import { table } from './markdown-table.js';

/** As an affiliate manager asks, with what holds for all of a group. */
const GROUPS = {
  credited: ['The partner is credited', ''],
  audited: [
    'What the daily audit found',
    'The audit compares this service with what Impact lists. It can know more about who is credited than the outcome of the day before.',
  ],
  final: [
    'Not credited, and final',
    'Impact, the programme or a refund decided it, and it does not change by itself.',
  ],
  onItsWay: ['On its way', 'Nothing is decided yet, and no human has to do anything here.'],
  waiting: [
    'Waiting for your engineers',
    'An alert tells your engineers of these within minutes, and they have time: Impact takes a conversion for 88 days. A refund or a new ' +
      'amount of a reported sale can wait for the same reasons. The outcome then begins with "It was reported, and its refund waits", ' +
      'and "it" is the refund.',
  ],
  onlyChanges: [
    'A refund or a new amount that waits, in words of its own',
    'The sale was reported. Until your engineers have settled it, Impact shows the sale without the change.',
  ],
  never: ['Never reported', 'Impact has nothing of these, as far as this service knows.'],
} as const;

type Group = keyof typeof GROUPS;

const GROUP_OF_STATE: Readonly<Record<StateCode, Group>> = {
  confirmed: 'credited',
  declined: 'final',
  reversed: 'final',
  pending: 'onItsWay',
  restarted: 'onItsWay',
  reporting: 'onItsWay',
  waits_for_parent: 'onItsWay',
  retrying: 'onItsWay',
  may_have_arrived: 'onItsWay',
  submitted: 'onItsWay',
  abandoned: 'never',
  cancelled: 'never',
};

/** Only a refund or a new amount parks with these. */
const ONLY_CHANGES: readonly string[] = [
  'locked',
  'conversion_processing',
] satisfies (keyof typeof PARK_REASONS)[];

type Row = [group: Group, code: string, words: Outcome];

const rowOf = (group: Group, code: string, of?: Parameters<typeof reasonOf>[1]): Row => [
  group,
  code,
  reasonOf(code, of),
];

/** Every outcome, by group: the sections of docs/what-happened.md. */
export function outcomeTables(): string {
  const findings = Object.entries(FINDINGS).map(([kind, words]): Row => ['audited', kind, words]);
  const impact = Object.keys(IMPACT_REASONS).flatMap(impactRows);
  const rows = [...stateRows(), ...findings, ...impact, ...parkRows()];
  return (Object.keys(GROUPS) as Group[])
    .map((group) => {
      const [title, words] = GROUPS[group];
      const own = rows.filter(([of]) => of === group);
      const titles = ['what happened', 'what to do, or to tell the partner', ''];
      return [`## ${title}`, words, table(titles, linesOf(own))].filter(Boolean).join('\n\n');
    })
    .join('\n\n');
}

function stateRows(): Row[] {
  const states = Object.entries(GROUP_OF_STATE).map(([code, group]) => rowOf(group, code));
  const skips = Object.keys(SKIPS).map((reason) =>
    rowOf(isHeld({ status: 'skipped', reason }) ? 'onItsWay' : 'never', reason, 'skipped'),
  );
  return [...states, ...skips];
}

function impactRows(code: string): Row[] {
  if (isDeclined(code)) return [rowOf('final', code), rowOf('onlyChanges', code, 'adjustment')];
  return [rowOf(code === 'conv_duplicate' ? 'credited' : 'waiting', code)];
}

function parkRows(): Row[] {
  return Object.entries(PARK_REASONS).flatMap(([code, row]): Row[] => [
    rowOf(ONLY_CHANGES.includes(code) ? 'onlyChanges' : 'waiting', code),
    ...('adjustment' in row ? [rowOf('onlyChanges', code, 'adjustment')] : []),
    ...('skipped' in row ? [rowOf('never', code, 'skipped')] : []),
  ]);
}

/** Codes with the same words share a line. */
function linesOf(rows: readonly Row[]): string[][] {
  const codesOf = new Map<string, string[]>();
  for (const [, code, { outcome, advice = '' }] of rows) {
    const words = `${outcome} | ${advice}`;
    codesOf.set(words, [...(codesOf.get(words) ?? []), code]);
  }
  return [...codesOf].map(([words, codes]) => [words, `<sub>${codes.join(', ')}</sub>`]);
}
