import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ParentClosePolicy, startChild, workflowInfo } from '@temporalio/workflow';
import { reversalWorkflowId } from '../src/domain/conversion.js';
import { plain } from '../src/domain/markdown.js';
import { REVERSAL_WORKFLOW_TYPE, SEARCH_ATTRIBUTES } from '../src/domain/workflow-names.js';
import type { ReversalWorkflow } from './reversal.js';

/** Hands what the ledger has to adjustment at Impact to a workflow that outlives this one. Where one runs, it looks itself. */
export async function startReversal(conversionId: string): Promise<void> {
  const { typedSearchAttributes } = workflowInfo();
  const kept = [SEARCH_ATTRIBUTES.campaignEvent, SEARCH_ATTRIBUTES.affiliateUserId].flatMap((key) => {
    const value = typedSearchAttributes.get(key);
    return value === undefined ? [] : [{ key, value }];
  });
  try {
    await startChild<typeof ReversalWorkflow>(REVERSAL_WORKFLOW_TYPE, {
      args: [{ conversionId }],
      workflowId: reversalWorkflowId(conversionId),
      parentClosePolicy: ParentClosePolicy.ABANDON,
      staticSummary: plain(`refund or new amount · ${conversionId}`),
      typedSearchAttributes: [{ key: SEARCH_ATTRIBUTES.conversionStatus, value: 'Reporting' }, ...kept],
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
