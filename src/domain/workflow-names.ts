import type { FieldError } from './errors.js';

/**
 * The names by which the API, the worker, the Temporal UI and operators know the workflow. Each is
 * written here and nowhere else: a running workflow depends on them, so renaming one is a migration.
 */

export const WORKFLOW_TYPE = 'ConversionWorkflow';

export const TASK_QUEUES = {
  /** Workflows and their local activities. */
  conversions: 'conversions',
  /** Everything that is sent to Impact. Its rate limit never slows anything else. */
  impact: 'impact',
  /** Queries to Impact. They have a limit of their own, and never delay reporting. */
  impactReads: 'impact-reads',
} as const;

/**
 * The time limit of an attempt to send (`startToCloseTimeout`), and how long the attempt's claim in the ledger lasts. The
 * HTTP client gives up earlier, after 20 s at most, so this limit only ever ends an attempt whose worker died.
 */
export const SEND_TIMEOUT_MS = 30_000;

/** The deployment whose versions the workers are. */
export const WORKER_DEPLOYMENT = 'affiliate-conversions';

export const SIGNALS = {
  retry: 'retry',
  abandon: 'abandon',
  /** The ledger has something new, such as a refund: sent by the API and the worker, never needed from a human. */
  adjust: 'adjust',
} as const;

/** The longest `by` and `reason` of an operator's note. */
export const MAX_NOTE = { by: 200, reason: 500 } as const;

/** Who sends `retry` or `abandon`, and why. */
export interface OperatorNote {
  by?: string;
  reason?: string;
  /** Of `retry`: report an abandoned, declined or skipped conversion after all. */
  restart?: boolean;
}

/** `Abandoned by kim: test order.` */
export function noteText(verb: string, { by, reason }: OperatorNote = {}): string {
  return `${verb}${by ? ` by ${by}` : ''}${reason ? `: ${reason}` : ''}.`;
}

/** Why a step cannot go on. `reason` is a stable code. */
export interface Failure {
  reason: string;
  message: string;
  lastAttempt?: AttemptDetails | undefined;
  /** Impact had queued it and turned it down: nothing of it is there. */
  turnedDown?: true;
}

/** The attempt that failed, as an operator reads it on the workflow's page. */
export interface AttemptDetails {
  attempt: number;
  at: string;
  httpStatus?: number;
  fields?: readonly FieldError[];
}

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
