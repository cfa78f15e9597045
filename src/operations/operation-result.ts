import { type Conversion, type ConversionStatus, workflowId } from '../domain/conversion.js';
import { findConversion } from '../ledger/find-conversion.js';
import type { Database } from '../mongo.js';

/** Where the conversion stood when its workflow had been signalled: the workflow acts a moment later. */
export interface OperationResult {
  conversionId: string;
  workflowId: string;
  status: ConversionStatus;
  reason?: string;
}

export async function operationResult(db: Database, id: string): Promise<OperationResult> {
  const { status, reason } = await findConversion(db, id);
  return {
    conversionId: id,
    workflowId: workflowId(id),
    status,
    ...(reason === undefined ? {} : { reason }),
  };
}

/** `parked (impact_refused)` */
export function stateOf({ status, reason }: Conversion): string {
  return reason === undefined ? status : `${status} (${reason})`;
}
