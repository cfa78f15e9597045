import { condition, defineSignal, setHandler } from '@temporalio/workflow';
import { cut } from '../src/domain/foreign-text.js';
import { MAX_NOTE, type OperatorNote, SIGNALS } from '../src/domain/workflow-names.js';

const retrySignal = defineSignal<[OperatorNote?]>(SIGNALS.retry);
const abandonSignal = defineSignal<[OperatorNote?]>(SIGNALS.abandon);
const adjustSignal = defineSignal(SIGNALS.adjust);

/** The signals that have come and that the workflow has not acted on yet. */
export interface Operators {
  retry: OperatorNote | undefined;
  abandonment: OperatorNote | undefined;
  /** The ledger may have something that this run has not read yet. */
  news: boolean;
  onAbandon(): void;
}

/** Signals come at any time and in any order; each handler only notes its own. */
export function listenToOperators(): Operators {
  const operators: Operators = {
    retry: undefined,
    abandonment: undefined,
    news: false,
    onAbandon: () => undefined,
  };
  setHandler(
    retrySignal,
    (note) => {
      operators.retry = toNote(note);
      operators.news = true;
    },
    { description: 'Parked: try again now. Optional input: {"by": "…"}' },
  );
  setHandler(
    abandonSignal,
    (note) => {
      operators.abandonment = toNote(note);
      // The last word counts; a retry after this one may restart what is abandoned.
      operators.retry = undefined;
      operators.news = true;
      operators.onAbandon();
    },
    { description: 'Abandon it: nothing more is sent. Optional input: {"by": "…", "reason": "…"}' },
  );
  setHandler(
    adjustSignal,
    () => {
      operators.news = true;
    },
    { description: 'Sent by the API and the worker: the ledger has something new, such as a refund.' },
  );
  return operators;
}

/** Takes a note to act on it. The decision that follows is recorded, and with that the ledger is read. */
export function take(operators: Operators, which: 'retry' | 'abandonment'): OperatorNote | undefined {
  const note = operators[which];
  operators[which] = undefined;
  operators.news = false;
  return note;
}

/** @returns the operator's note, or none if the ledger has something new first */
export async function untilRetryOrNews(operators: Operators): Promise<OperatorNote | undefined> {
  await condition(
    () => operators.abandonment === undefined && (operators.retry !== undefined || operators.news),
  );
  return take(operators, 'retry');
}

/** A signal from the UI may carry anything, of any length. */
function toNote(value: unknown): OperatorNote {
  const { by, reason, restart } = Object(value) as Record<string, unknown>;
  return {
    ...(typeof by === 'string' && { by: cut(by, MAX_NOTE.by) }),
    ...(typeof reason === 'string' && { reason: cut(reason, MAX_NOTE.reason) }),
    ...(restart === true && { restart }),
  };
}
