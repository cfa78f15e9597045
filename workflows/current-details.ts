import { SIGNALS } from '../src/domain/conversion-workflow.js';
import type { Failure } from './failure.js';

/** What the workflow page in the Temporal UI says, in Markdown. */
export function parkedDetails(failure: Failure, at: Date, timesParked: number, workflowId: string): string {
  const { lastAttempt } = failure;
  const attempts = lastAttempt
    ? ` after ${lastAttempt.attempt} attempt${lastAttempt.attempt === 1 ? '' : 's'}`
    : '';
  const fields = (lastAttempt?.fields ?? []).map(({ field, message }) => `- \`${field}\`: ${message}`);
  // An order id may hold a quote, and the command is there to be pasted.
  const quotedId = `'${workflowId.replaceAll("'", "'\\''")}'`;
  const signal = (name: string) => `temporal workflow signal --workflow-id ${quotedId} --name ${name}`;
  return [
    `**Parked: \`${failure.reason}\`**, at ${at.toISOString()}${attempts} (parked ${timesParked} time(s) so far).`,
    failure.message,
    ...fields,
    'It waits for a signal, as long as that takes. When the cause is mended:',
    `\`${signal(SIGNALS.retry)}\``,
    'To give it up, so that it is never reported:',
    `\`${signal(SIGNALS.abandon)}\``,
  ].join('\n\n');
}

interface StateInWords {
  status: string;
  reason?: string;
  detail?: string;
  queuedUri?: string;
}

export function stateDetails({ status, reason, detail, queuedUri }: StateInWords): string {
  const receipt = queuedUri ? `Impact queued it as \`${queuedUri}\`.` : undefined;
  return [`**${status}**${reason ? `: \`${reason}\`` : ''}`, detail, receipt].filter(Boolean).join('\n\n');
}
