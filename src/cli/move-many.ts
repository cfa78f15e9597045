import type { Client } from '@temporalio/client';
import { printable } from '../domain/foreign-text.js';
import type { Move, Preview, ReasonGroup } from '../operations/move-many.js';
import { type BatchProgress, followBatch } from '../operations/signal-parked.js';
import { formatEstimate } from './format-queue.js';
import { printResult } from './output.js';
import { confirm, type Shell } from './shell.js';
import { UsageError } from './usage-error.js';

interface Words {
  verb: string;
  done: string;
  question: string;
  afterwards: string;
}

/** @returns the conversion's id, or undefined for all. @throws UsageError */
export function whichOne(id: string | undefined, all: boolean | undefined): string | undefined {
  if (all && id !== undefined) throw new UsageError('--all is for many conversions: no id.');
  if (!all && id === undefined)
    throw new UsageError('Which conversion? Give its id, <event>:<key>, or --all.');
  return id;
}

/** Shows how many it would move, asks, and follows Temporal's batch operation to its end. */
export async function moveMany(
  temporal: Client,
  move: Move,
  call: { options: { yes?: boolean | undefined; json?: boolean | undefined }; shell: Shell; words: Words },
): Promise<number> {
  const { options, shell, words } = call;
  const preview = await move.preview();
  if (preview.count === 0) {
    printResult(shell, options.json, preview, () => `No such conversions: nothing to ${words.verb}.`);
    return 0;
  }
  const question = `${formatPreview(preview)} ${words.question}`;
  if (!options.yes && !(await confirm(shell, printable(question)))) return 1;
  const { jobId, restarted } = await move.carryOut(preview);
  const batch = jobId === undefined ? undefined : await follow(temporal, shell, jobId);
  printResult(shell, options.json, { ...preview, restarted, ...batch }, () =>
    formatMoved(words, batch, restarted),
  );
  return !batch || (batch.failed === 0 && batch.state === 'completed') ? 0 : 1;
}

function follow(temporal: Client, shell: Shell, jobId: string): Promise<BatchProgress> {
  shell.say(`Temporal's batch operation ${jobId} signals them, and does not need this command to go on.`);
  let last = '';
  return followBatch(temporal, jobId, ({ signalled, total, failed }) => {
    const words = `${signalled} of ${total} signalled, ${failed} failed`;
    if (total > 0 && words !== last) shell.say(words);
    last = words;
  });
}

/** `17: 15 parked as impact_refused, 2 parked as locked. At 10 a second that takes at least 2 s.` */
function formatPreview({ count, byReason, estimate }: Preview): string {
  const groups = byReason.map(formatGroup).join(', ');
  const words = byReason.length > 1 ? `${count}: ${groups}.` : `${groups}.`;
  return estimate ? `${words} ${formatEstimate(estimate)}` : words;
}

function formatGroup({ status, reason, count }: ReasonGroup): string {
  return `${count} ${status}${reason === undefined ? '' : ` as ${reason}`}`;
}

function formatMoved({ done, afterwards }: Words, batch?: BatchProgress, restarted?: number): string {
  const { state, signalled = 0, failed = 0, jobId } = batch ?? {};
  if (state === 'failed')
    return `The batch operation failed after ${signalled} signals: temporal batch describe --job-id ${jobId}`;
  const left =
    failed === 0 ? [] : [`${failed} could not be signalled: they are still parked, or have ended.`];
  const pending = restarted ? [`A worker starts ${restarted} of them within seconds.`] : [];
  return [`${signalled + (restarted ?? 0)} ${done}.`, ...left, ...pending, afterwards].join(' ');
}
