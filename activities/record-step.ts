import { log } from '@temporalio/activity';
import { DomainError } from '../src/domain/errors.js';
import type { Decision, Progress, StepTaken } from '../src/domain/next-step.js';
import { recordStep as record } from '../src/ledger/record-step.js';
import type { ActivityDeps } from './deps.js';
import { progressAfter } from './wake-children.js';

/** Writes into the ledger what the workflow has decided, and returns what is next. */
export async function recordStep(
  deps: ActivityDeps,
  conversionId: string,
  step: StepTaken,
  decision: Decision,
): Promise<Progress> {
  try {
    const conversion = await record(deps, conversionId, step, decision);
    log.info('conversion step', { conversionId, ...step, ...decision });
    return await progressAfter(deps, conversion, step.adjustmentId);
  } catch (error) {
    if (!(error instanceof DomainError) || error.isTransient) throw error;
    return withoutDocument(error, decision);
  }
}

/** The ledger has lost the document. The workflow stays parked until the document is back, or somebody abandons it. */
function withoutDocument(error: DomainError, decision: Decision): Progress {
  if (decision.status === 'abandoned') return { ...decision, next: null };
  const { reason, detail } =
    decision.status === 'parked' ? decision : { reason: error.code, detail: error.message };
  return { status: 'parked', reason, detail, next: { kind: 'wait', reason, detail } };
}
