import { condition, defineSignal, setHandler } from '@temporalio/workflow';
import { SIGNALS } from '../src/domain/workflow-names.js';

/** Who sends a signal, and why, if they say. Whatever else the UI sends is ignored. */
export interface OperatorNote {
  by?: string;
  reason?: string;
}

export const retrySignal = defineSignal<[OperatorNote?]>(SIGNALS.retry);
export const abandonSignal = defineSignal<[OperatorNote?]>(SIGNALS.abandon);

export type Operators = ReturnType<typeof listenToOperators>;

/** What humans may tell a workflow, at any time. */
export function listenToOperators(onAbandon: () => void) {
  let retry: OperatorNote | undefined;
  let abandonment: OperatorNote | undefined;

  setHandler(
    retrySignal,
    (note) => {
      retry = toNote(note);
    },
    { description: 'Parked: try again now. Optional input: {"by": "…"}' },
  );
  setHandler(
    abandonSignal,
    (note) => {
      abandonment = toNote(note);
      onAbandon();
    },
    { description: 'Give it up: nothing more is sent. Optional input: {"by": "…", "reason": "…"}' },
  );

  return {
    abandonment: () => abandonment,
    /** Before an attempt: what was signalled until now was for an earlier one, and what comes during it is for the next. */
    forgetRetry() {
      retry = undefined;
    },
    forgetAbandonment() {
      abandonment = undefined;
    },
    /** @returns the note of whoever retries, or none where `orWhen` came about first */
    async untilRetry(orWhen: () => boolean): Promise<OperatorNote | undefined> {
      await condition(() => retry !== undefined || orWhen());
      return retry;
    },
  };
}

/** A signal from the UI may carry anything. */
function toNote(value: unknown): OperatorNote {
  const { by, reason } = (typeof value === 'object' && value !== null ? value : {}) as Record<
    string,
    unknown
  >;
  return {
    ...(typeof by === 'string' ? { by: by.slice(0, 200) } : {}),
    ...(typeof reason === 'string' ? { reason: reason.slice(0, 500) } : {}),
  };
}

/** `Abandoned by kim: test order.` */
export function noteText(verb: string, { by, reason }: OperatorNote = {}): string {
  return `${verb}${by ? ` by ${by}` : ''}${reason ? `: ${reason}` : ''}.`;
}
