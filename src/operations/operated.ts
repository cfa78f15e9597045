import type { Conversion, ConversionStatus } from '../domain/conversion.js';
import { workflowId } from '../domain/conversion.js';
import { findConversion } from '../ledger/find-conversion.js';
import type { Database } from '../mongo.js';

/** What an operator is told: how it was done, and where the conversion stands now. */
export interface Operated {
  conversionId: string;
  workflowId: string;
  /** `signalled`: its workflow was told. `started`: a new run was begun. `recorded`: the ledger alone. */
  effect: 'signalled' | 'started' | 'recorded';
  status: ConversionStatus;
  reason?: string;
}

export async function operated(
  db: Database,
  id: string,
  effect: Operated['effect'],
  workflow = workflowId(id),
): Promise<Operated> {
  const { status, reason } = await findConversion(db, id);
  return {
    conversionId: id,
    workflowId: workflow,
    effect,
    status,
    ...(reason === undefined ? {} : { reason }),
  };
}

/** `parked (impact_refused)` */
export function stateOf({ status, reason }: Conversion): string {
  return reason === undefined ? status : `${status} (${reason})`;
}

/** As much as fits into a timeline that people read; the workflow keeps as much of what it is told. */
export function nameOf(by: string): string {
  return by.slice(0, 200);
}
