import { printable, printableLines } from '../domain/foreign-text.js';
import { errorMessage } from '../operations/error-message.js';
import {
  type ParkedStatus,
  parkedStatus,
  type QueueStatus,
  queueStatus,
} from '../operations/reporting-status.js';
import type { HeldGroup } from '../sources/stripe/held.js';
import { describeQueue } from './format-queue.js';
import { nextCommand } from './next-command.js';
import { jsonText, tableLines } from './output.js';
import type { SharedOptions } from './program.js';
import { noStyle, type Shell, type Style } from './shell.js';
import { findSystem, withLedger, withTemporal } from './system.js';

/**
 * Asks the ledger and Temporal side by side, and shows each answer as it comes, so that neither hides the other.
 * @returns the exit code: 1 if only one of them answers, 2 if none does
 */
export async function status(options: SharedOptions, shell: Shell): Promise<number> {
  const { json } = options;
  const call = { ...shell, ...options };
  const system = await findSystem(call.dataDir, call.environment);
  const failures: string[] = [];
  const failed = (error: unknown) => {
    failures.push(errorMessage(error));
    return undefined;
  };
  const asked = {
    ledger: withLedger(call, parkedStatus, system).catch(failed),
    queues: withTemporal(call, queueStatus, system).catch(failed),
  };
  const ledger = await asked.ledger;
  const next = nextCommand(call, 'list', '--status', 'parked');
  if (ledger && !json) shell.print(`${parkedText(ledger, next)}\n`);
  if (ledger?.stripe && !json) shell.print(`${stripeText(ledger.stripe)}\n`);
  const queues = await asked.queues;
  if (json) shell.print(jsonText({ ...ledger, ...queues, failures }));
  else if (queues) shell.print(queuesText(queues, ledger, shell.style));
  if (!json && queues?.queues.some(({ paused }) => paused))
    shell.print(`\nTo send to Impact again: ${nextCommand(call, 'resume')}`);
  for (const failure of failures) shell.say(printableLines(failure));
  // A namespace that starts no workflow is left to look at.
  return failures.length || Number(queues?.searchAttributes !== undefined);
}

/** @param next the command that lists them */
export function parkedText({ parked, parkedByReason }: ParkedStatus, next: string): string {
  if (parked === 0) return 'Nothing is parked.';
  const rows = parkedByReason.map(({ reason, count }) => [reason, count]);
  return [`${parked} parked:`, ...tableLines(['REASON', 'COUNT'], rows), '', `To list them: ${next}`].join(
    '\n',
  );
}

/** The oldest of each reason, by Stripe's ids. */
export function stripeText(held: readonly HeldGroup[]): string {
  const rows = held.map(({ reason, count, oldest }) => [
    reason,
    count,
    oldest.map(({ id }) => printable(id)).join(' '),
  ]);
  return [
    'Of Stripe, these wait:',
    ...tableLines(['REASON', 'COUNT', 'OLDEST'], rows),
    '',
    'docs/stripe.md#what-is-held says what to do.',
  ].join('\n');
}

export function queuesText(
  { queues, searchAttributes, parkedWorkflows }: QueueStatus,
  ledger?: ParkedStatus,
  style: Style = noStyle,
): string {
  const lines = queues.map((queue) => describeQueue(queue, style));
  if (searchAttributes) lines.push(style('red', printable(searchAttributes.message)));
  else if (ledger && ledger.parked !== parkedWorkflows)
    lines.push(
      `Temporal lists ${parkedWorkflows} of them as parked: its list is a moment behind, or their workflows are lost.`,
    );
  return lines.join('\n');
}
