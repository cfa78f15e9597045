import type { Client } from '@temporalio/client';
import { workflowId } from '../../src/domain/conversion.js';
import { parkedQuery } from '../../src/temporal/parked-query.js';
import { until } from './until.js';

/** Temporal lists a parked conversion a moment later than the ledger has it, and a batch operation finds listed ones. */
export function untilListedAsParked(
  temporal: Client,
  conversionIds: string[],
  timeout?: number,
): Promise<void> {
  const workflowIds = conversionIds.map((id) => `"${workflowId(id)}"`).join(', ');
  const query = `${parkedQuery({})} AND WorkflowId IN (${workflowIds})`;
  return until(
    async () => (await temporal.workflow.count(query)).count === conversionIds.length,
    timeout,
    200,
  );
}
