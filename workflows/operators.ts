import { condition, defineSignal, setHandler } from '@temporalio/workflow';
import { type OperatorNote, SIGNALS } from '../src/domain/workflow-names.js';

const retrySignal = defineSignal<[OperatorNote?]>(SIGNALS.retry);
const abandonSignal = defineSignal<[OperatorNote?]>(SIGNALS.abandon);
const adjustSignal = defineSignal(SIGNALS.adjust);

export type Operators = ReturnType<typeof listenToOperators>;

/** The signals that a workflow gets, at any time and in any order; each handler only notes it. */
export function listenToOperators() {
  let retry: OperatorNote | undefined;
  let abandonment: OperatorNote | undefined;
  /** A signal may follow a change of the ledger that this run has not read yet. */
  let news = false;
  let onAbandon = (): void => undefined;

  setHandler(
    retrySignal,
    (note) => {
      retry = toNote(note);
      news = true;
    },
    { description: 'Parked: try again now. Optional input: {"by": "…"}' },
  );
  setHandler(
    abandonSignal,
    (note) => {
      abandonment = toNote(note);
      // The last word counts; a retry after this one may restart what is abandoned.
      retry = undefined;
      news = true;
      onAbandon();
    },
    { description: 'Abandon it: nothing more is sent. Optional input: {"by": "…", "reason": "…"}' },
  );
  setHandler(
    adjustSignal,
    () => {
      news = true;
    },
    { description: 'Sent by the API and the worker: the ledger has something new, such as a refund.' },
  );

  return {
    isAbandoned: () => abandonment !== undefined,
    /** The retry, if there is one, is to report a conversion that was decided against. */
    wantsRestart: () => retry?.restart === true,
    hasNews: () => news,
    onAbandon(listener: () => void) {
      onAbandon = listener;
    },
    /** The decision that follows is recorded, and with that the ledger is read. */
    takeAbandonment() {
      const taken = abandonment;
      abandonment = undefined;
      news = false;
      return taken;
    },
    forgetAbandonment() {
      abandonment = undefined;
    },
    /** Before an attempt: a retry that was signalled until now was for an earlier attempt. */
    forgetRetry() {
      retry = undefined;
    },
    /** @returns the operator's note, or none where the ledger has something new first */
    async untilRetryOrNews(): Promise<OperatorNote | undefined> {
      await condition(() => abandonment === undefined && (retry !== undefined || news));
      return this.takeRetry();
    },
    takeRetry() {
      const taken = retry;
      retry = undefined;
      news = false;
      return taken;
    },
    /** Before the ledger is read. */
    forgetNews() {
      news = false;
    },
  };
}

/** A signal from the UI may carry anything. */
function toNote(value: unknown): OperatorNote {
  const { by, reason, restart } = Object(value) as Record<string, unknown>;
  return {
    ...(typeof by === 'string' && { by: by.slice(0, 200) }),
    ...(typeof reason === 'string' && { reason: reason.slice(0, 500) }),
    ...(restart === true && { restart }),
  };
}

/** `Abandoned by kim: test order.` */
export function noteText(verb: string, { by, reason }: OperatorNote = {}): string {
  return `${verb}${by ? ` by ${by}` : ''}${reason ? `: ${reason}` : ''}.`;
}
