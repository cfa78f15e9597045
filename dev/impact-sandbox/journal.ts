import { appendFileSync, readFileSync, truncateSync } from 'node:fs';
import { type Action, keepAction } from './actions.js';
import type { Outcome } from './outcomes.js';
import type { SandboxState, Settings } from './state.js';
import type { CompletedSubmission, TakenSubmission } from './submissions.js';

/**
 * The journal keeps what Impact would keep: whatever changes it is written to a file first, and then happens. A restarted
 * sandbox repeats the lines, so it still has what it acknowledged. An Action comes back as its line shows it and is never
 * worked out again, because the settings may have changed since then. Faults, the list of requests, and the counts of the
 * rate limit are not kept.
 */
export type JournalEntry =
  | { settings: Settings }
  | { outcome: Outcome }
  /** The order whose outcomes are no longer planned; null means all orders. */
  | { cleared: string | null }
  /** A conversion, modification or reversal that was queued. */
  | { taken: TakenSubmission }
  /** The result of a submission, with the Action that it created or changed, if any. */
  | { completed: CompletedSubmission }
  /** An Action that was planted or changed by `/_sandbox/actions`. */
  | { action: Action };

export type JournalLine = { at: string } & JournalEntry;
export type Journal = ReturnType<typeof openJournal>;

/** Without a path nothing is kept. */
export function openJournal(path?: string) {
  return {
    earlierLines: path === undefined ? [] : repairJournal(path),
    append(entry: JournalEntry): JournalLine {
      const line: JournalLine = { at: new Date().toISOString(), ...entry };
      // Once this returns, the system has the line, and a SIGKILL no longer loses it. A crash of the machine may.
      if (path !== undefined) appendFileSync(path, `${JSON.stringify(line)}\n`);
      return line;
    },
  };
}

/** Cuts off a torn last line, so that the next line does not continue it. Creates the file if there is none. */
function repairJournal(path: string): JournalLine[] {
  appendFileSync(path, '');
  truncateSync(path, wholeLines(path).length);
  return readJournal(path);
}

/** Ignores a torn last line. Throws if there is no file, or if any other line is not JSON. */
export function readJournal(path: string): JournalLine[] {
  const lines = wholeLines(path).toString().split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as JournalLine);
}

/** A process that was killed while it wrote has left a line without its end. Nothing in that line was acknowledged. */
function wholeLines(path: string): Buffer {
  const bytes = readFileSync(path);
  return bytes.subarray(0, bytes.lastIndexOf('\n') + 1);
}

/** What a line changes, now and after each restart. */
export function applyLine(state: SandboxState, line: JournalLine): void {
  const { submissions, outcomes, actions } = state;
  if ('settings' in line) state.settings = line.settings;
  else if ('outcome' in line) outcomes.add(line.outcome);
  else if ('cleared' in line) outcomes.clear(line.cleared);
  else if ('taken' in line) submissions.add({ ...line.taken, takenAt: Date.parse(line.at) });
  else if ('completed' in line) {
    const { action, ...result } = line.completed;
    submissions.complete(result);
    if (action) keepAction(actions, action);
  } else keepAction(actions, line.action);
}
