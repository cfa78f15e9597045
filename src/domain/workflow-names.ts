/**
 * The names by which the API, the worker, the Temporal UI and operators know the workflow. Each is
 * written here and nowhere else: a running workflow depends on them, so renaming one is a migration.
 */

export const WORKFLOW_TYPE = 'ConversionWorkflow';

export const REVERSAL_WORKFLOW_TYPE = 'ReversalWorkflow';

export const TASK_QUEUES = {
  /** Workflows and their local activities. */
  conversions: 'conversions',
  /** Calls to Impact. Rate limited, so that a limit at Impact never slows anything else. */
  impact: 'impact',
  /** Reading at Impact what became of it. Its own queue and limit, so that reading never delays reporting. */
  impactReads: 'impact-reads',
} as const;

/** What the versions of the workers are versions of. */
export const WORKER_DEPLOYMENT = 'affiliate-conversions';

export const SIGNALS = {
  retry: 'retry',
  abandon: 'abandon',
  /** The ledger has a refund or another amount: sent by the API, never needed from a human. */
  adjust: 'adjust',
} as const;

export const STATUS_QUERY = 'status';

/** Carries the trace context, under the name that Temporal's own OpenTelemetry interceptors use in every language. */
export const TRACE_HEADER = '_tracer-data';

/** Keyword search attributes; Temporal must know them before a workflow is started with them. */
export const SEARCH_ATTRIBUTES = {
  conversionStatus: { name: 'ConversionStatus', type: 'KEYWORD' },
  campaignEvent: { name: 'CampaignEvent', type: 'KEYWORD' },
  affiliateUserId: { name: 'AffiliateUserId', type: 'KEYWORD' },
  parkReason: { name: 'ParkReason', type: 'KEYWORD' },
} as const;
