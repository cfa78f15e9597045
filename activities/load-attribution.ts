import type { Progress } from '../src/domain/next-step.js';
import { beginRun } from '../src/ledger/begin-run.js';
import type { ActivityDeps } from './deps.js';
import { progressAfter } from './wake-children.js';

/**
 * Reads what the ledger has of a conversion: the attribution that held when the event happened (a snapshot, never the
 * user's current click), and what is to be done next.
 * @param isReset an operator has reset the workflow, so that a conversion that was parked or decided against goes on
 */
export async function loadAttribution(deps: ActivityDeps, id: string, isReset = false): Promise<Progress> {
  const conversion = await beginRun(deps, id, isReset);
  // The API or the repair may have ended it or parked it, and neither wakes its children.
  return progressAfter(deps, conversion);
}
