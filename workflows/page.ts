import {
  defineQuery,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { code, plain } from '../src/domain/markdown.js';
import type { Progress } from '../src/domain/next-step.js';
import { plural } from '../src/domain/plural.js';
import { reasonOf } from '../src/domain/reasons.js';
import { type Failure, SEARCH_ATTRIBUTES, SIGNALS, STATUS_QUERY } from '../src/domain/workflow-names.js';

/** Where the conversion stands, or the adjustment that is under way. */
type Stand = Omit<Progress, 'next'>;

export interface ConversionState extends Stand {
  conversionId: string;
  timesParked: number;
}

export const statusQuery = defineQuery<ConversionState>(STATUS_QUERY);

export type Page = ReturnType<typeof createPage>;

/** What the Temporal UI shows of the workflow: the query `status`, the current details, and the search attributes. */
export function createPage(conversionId: string) {
  let stand: Stand = { status: 'reporting' };
  let timesParked = 0;
  let firstParkedAt: Date | undefined;
  let parked = false;
  const state = (): ConversionState => ({ conversionId, timesParked, ...stand });
  setHandler(statusQuery, state, { description: 'Where this conversion stands, and why.' });

  /** Search attributes are only written when a human must do something else than before: on parking and on leaving it. */
  function list(isParked: boolean, reason: string | null): void {
    parked = isParked;
    upsertSearchAttributes([
      { key: SEARCH_ATTRIBUTES.conversionStatus, value: isParked ? 'Parked' : 'Reporting' },
      { key: SEARCH_ATTRIBUTES.parkReason, value: reason },
    ]);
  }

  return {
    state,
    show({ next: _next, ...progress }: Stand & { next?: unknown }): void {
      if (progress.status === 'parked') return;
      if (parked) list(false, null);
      stand = progress;
      setCurrentDetails(stateDetails(stand));
    },
    park(failure: Failure, adjustmentId?: string): void {
      if (parked) return;
      list(true, failure.reason);
      const at = new Date();
      firstParkedAt ??= at;
      timesParked += 1;
      const { reason, message: detail } = failure;
      stand = { status: 'parked', reason, detail, adjustmentId };
      setCurrentDetails(
        parkedDetails(failure, { at, firstAt: firstParkedAt, timesParked, adjustmentId }, workflowInfo()),
      );
    },
  };
}

export interface Parking {
  /** Of the parked adjustment, unless the conversion itself is parked. */
  adjustmentId?: string | undefined;
  at: Date;
  firstAt: Date;
  timesParked: number;
}

type Target = { workflowId: string; namespace: string };

/**
 * The workflow's page in the Temporal UI, in Markdown, for an engineer who was woken by it: what happened, what
 * Impact answered, when and how often, what to do, and the signals to do it with. In lists, as the UI leaves much
 * space between paragraphs, and the whole should be seen at once.
 */
export function parkedDetails(failure: Failure, parking: Parking, target: Target): string {
  const { meaning, action } = reasonOf(failure.reason, parking.adjustmentId ? 'adjustment' : 'conversion');
  return [
    `### Parked: ${code(failure.reason)}`,
    `${meaning} It waits for a signal, as long as that takes.`,
    [...response(failure), ...times(failure, parking)].join('\n'),
    `**What to do**: ${action} More: \`docs/operations.md#${failure.reason}\``,
    ...signals(target),
  ].join('\n\n');
}

// The UI sends the text back to its server in an address, which many a proxy limits to 8 kB.
const MOST_FIELDS = 10;
const LONGEST_MESSAGE = 600;
const LONGEST_FIELD_MESSAGE = 200;

function response({ message, lastAttempt }: Failure): string[] {
  const fields = lastAttempt?.fields ?? [];
  const left = fields.length - MOST_FIELDS;
  return [
    `- **What came back**: ${plain(message, LONGEST_MESSAGE)}`,
    ...fields
      .slice(0, MOST_FIELDS)
      .map((error) => `- ${code(error.field || '?', 60)}: ${plain(error.message, LONGEST_FIELD_MESSAGE)}`),
    ...(left > 0 ? [`- and ${left} more, in the history's last failure`] : []),
  ];
}

function times({ lastAttempt }: Failure, { at, firstAt, timesParked }: Parking): string[] {
  const last = lastAttempt ? `, last attempt ${utc(new Date(lastAttempt.at))}` : '';
  const attempts = lastAttempt ? `${plural(lastAttempt.attempt, 'attempt')}, ` : '';
  const first = timesParked > 1 ? `, first ${utc(firstAt)}` : '';
  return [
    `- **When**: parked ${utc(at)}${last}`,
    `- **How often**: ${attempts}parked ${plural(timesParked, 'time')}${first}`,
  ];
}

const RETRY_NOTE = '{"by": "your name"}';
const ABANDON_NOTE = '{"by": "your name", "reason": "why"}';

function signals({ workflowId, namespace }: Target): string[] {
  // An order id may hold a quote, and the commands are there to be pasted.
  const quotedId = `'${workflowId.replaceAll("'", "'\\''")}'`;
  const where = namespace === 'default' ? quotedId : `${quotedId} --namespace ${namespace}`;
  const command = (name: string, note: string) =>
    `- ${code(`temporal workflow signal --workflow-id ${where} --name ${name} --input '${note}'`, 2_000)}`;
  return [
    '**The signals**, by More Actions and Send a Signal:',
    [
      `- \`${SIGNALS.retry}\` tries again now. Data: \`${RETRY_NOTE}\``,
      `- \`${SIGNALS.abandon}\` abandons it: nothing more is sent. Data: \`${ABANDON_NOTE}\``,
    ].join('\n'),
    'Or in a terminal:',
    [command(SIGNALS.retry, RETRY_NOTE), command(SIGNALS.abandon, ABANDON_NOTE)].join('\n'),
  ];
}

/** `2026-11-02 00:00:00 UTC` */
function utc(date: Date): string {
  return `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

export function stateDetails({ status, reason, detail }: Stand): string {
  const state = `**${status}**${reason ? `: ${code(reason)}` : ''}`;
  return [state, detail && plain(detail)].filter(Boolean).join('\n\n');
}
