import { readFile, writeFile } from 'node:fs/promises';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { SKIP_REASONS } from '../src/domain/conversion.js';
import { FINDING_KINDS, FINDINGS } from '../src/domain/findings.js';
import { IMPACT_REASONS } from '../src/domain/impact-reasons.js';
import { PARK_REASONS } from '../src/domain/park-reasons.js';
import { isDeclined, type Retry, reasonOf, SKIPS, STATES } from '../src/domain/reasons.js';
import { table } from './markdown-table.js';
import { outcomeTables } from './outcome-tables.js';
import { retryTable } from './retry-table.js';

/** `npm run docs:reasons` writes what the code knows of reasons, findings and errors into the docs, between two markers. */
const PAGES = {
  'docs/operations.md': { rows: parkReasonSections, source: 'src/domain/reasons.ts' },
  'docs/architecture.md': { rows: reasonTable, source: 'src/domain/reasons.ts' },
  'docs/what-happened.md': { rows: outcomeTables, source: 'src/domain/reasons.ts' },
  'docs/audit.md': { rows: findingTable, source: 'src/domain/findings.ts' },
  'docs/for-backend-engineers.md': { rows: retryTable, source: 'src/api/problem.ts' },
} as const;

const END = '<!-- end of reasons -->';

/** @returns the page with the reasons as the code has them */
export function withReasons(path: keyof typeof PAGES, page: string): string {
  const { rows, source } = PAGES[path];
  const begin = `<!-- reasons: written by docs:reasons in package.json, out of ${source} -->`;
  const [before, rest] = page.split(begin);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`${path} has no markers for the reasons.`);
  return `${before}${begin}\n\n${rows()}\n\n${END}${after}`;
}

function parkReasonSections(): string {
  const sections = Object.keys(PARK_REASONS).map((code) => `### ${code}\n\n${words(code)}`);
  const impact = Object.keys(IMPACT_REASONS).map((code) => reasonOf(code));
  // The workflow's page links to each code. A heading for each of these would hide the others in a table of contents.
  const anchor = (code: string) => `<a id="${code}"></a>\`${code}\``;
  const fixable = impact.filter(({ retry }) => retry === 'after_fix');
  const declined = impact.filter(({ code }) => isDeclined(code));
  return [
    ...sections,
    "### Impact's own codes",
    FIXABLE,
    table(
      ['code', 'what it means', 'what to do'],
      fixable.map(({ code, meaning, action = '' }) => [anchor(code), meaning, action]),
    ),
    DECLINED,
    table(
      ['code', 'what it means'],
      declined.map(({ code, meaning }) => [anchor(code), meaning]),
    ),
  ].join('\n\n');
}

const FIXABLE = `Every other reason is one of Impact's own codes, in lower case. Impact queued the request first and rejected it later, so nothing
of it is at Impact. If a code is not listed here, Impact does not document it: ask Impact what it means before you retry. A
human can fix the cause of these:`;

const DECLINED = `No human can change the cause of these. A conversion with one of them is \`declined\`: it ends, and does not park. A refund or a
new amount parks; \`action_ref_not_found\` then means that Impact has not found an action of the order, and yet lists one, or has not
accepted the order yet: look the order up at Impact, and retry the adjustment. If Impact credits an accepted order to no partner,
a refund of it is simply done.`;

function words(code: string): string {
  const { meaning, action = '' } = reasonOf(code);
  const other = reasonOf(code, 'adjustment');
  const adjustment =
    other.meaning === meaning
      ? ''
      : `\n\nFor a refund or a new amount: ${other.meaning} ${other.action ?? ''}`;
  return `${meaning}\n\n${action}${adjustment}`;
}

const RETRY: Readonly<Record<Retry, string>> = {
  yes: 'yes',
  after_fix: 'after a fix',
  no: 'no',
  none: 'nothing to retry',
};

function reasonTable(): string {
  const codes = [STATES, SKIPS, PARK_REASONS, IMPACT_REASONS].flatMap((rows) => Object.keys(rows));
  return table(
    ['code', 'status', 'what it means', 'can a retry help?'],
    codes.map((code) => {
      const { meaning, retry } = reasonOf(code);
      return [`\`${code}\``, statusesOf(code).join(', '), meaning, RETRY[retry]];
    }),
  );
}

function findingTable(): string {
  return table(
    ['finding', 'difference?', 'what it means', 'what to do'],
    FINDING_KINDS.map((kind) => {
      const { isDifference, alarms, meaning, action } = FINDINGS[kind];
      const difference = isDifference ? 'yes' : 'no';
      return [`\`${kind}\``, alarms ? `${difference}, and alarms` : difference, meaning, action];
    }),
  );
}

const STATUS_OF: Readonly<Record<string, string>> = {
  waits_for_parent: 'reporting',
  restarted: 'pending',
  retrying: 'reporting',
  may_have_arrived: 'reporting',
  cancelled: 'abandoned',
  conv_duplicate: 'confirmed',
};

function statusesOf(code: string): string[] {
  if (code in STATES || code in STATUS_OF) return [STATUS_OF[code] ?? code];
  if (isDeclined(code)) return ['declined'];
  const skipped = (SKIP_REASONS as readonly string[]).includes(code);
  return [...(skipped ? ['skipped'] : []), ...(code in SKIPS ? [] : ['parked'])];
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  for (const path of Object.keys(PAGES) as (keyof typeof PAGES)[]) {
    const file = new URL(`../${path}`, import.meta.url);
    await writeFile(file, withReasons(path, await readFile(file, 'utf8')));
  }
}
