import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { ConversionWorkflow } from '../../workflows/index.js';
import { type Conversion, isRestarted, workflowId } from '../domain/conversion.js';
import { hasPromoCode } from '../domain/decide.js';
import { code, plain } from '../domain/markdown.js';
import {
  type OperatorNote,
  SEARCH_ATTRIBUTES,
  type SIGNALS,
  TASK_QUEUES,
  WORKFLOW_TYPE,
} from '../domain/workflow-names.js';
import { markHandedOver } from '../ledger/find-due.js';
import { parkRefused } from '../ledger/park-unattended.js';
import type { Ledger } from '../ledger/transition.js';
import type { Logger } from '../logger.js';
import { currentTraceparent, inSpanContext } from '../tracing/work-context.js';
import { isStartRefused, startError } from './service-error.js';

export interface WakeDeps {
  temporal: Client;
  /** How long one call of Temporal may take. */
  deadlineMs: number;
}

export type BackgroundDeps = WakeDeps & Ledger & { logger: Logger };

/** `adjust` says only that the ledger has something new. */
export interface WakeSignal {
  name: keyof typeof SIGNALS;
  note?: OperatorNote;
  /** A workflow that somebody has ended is not started again: `reconcile` parks its conversion first. */
  keepsEnded?: true;
}

/** The parent of the conversion was delivered, or its user was erased. */
export const NEWS: WakeSignal = { name: 'adjust', keepsEnded: true };

/**
 * The only way in which a conversion's workflow is started or signalled. The workflow id is a function of the
 * conversion, so a running workflow is kept, and the signal reaches it or the run that it starts.
 *
 * Starting is idempotent, and the ledger prevents doubles, not Temporal's reuse policy, which forgets at the end of
 * retention: a run that finds nothing to do ends. A start without a signal is for a conversion that has no workflow yet.
 * @returns `ended` where it has had one: somebody ended it before it began (reconcile.ts)
 * @throws DomainError `start_refused` where Temporal refuses it for good; Temporal's ServiceError
 */
export async function wakeConversion(
  { temporal, deadlineMs }: WakeDeps,
  conversion: Conversion,
  signal?: WakeSignal,
): Promise<'woken' | 'ended'> {
  const { workflow } = temporal;
  const options = startOptions(conversion);
  const call = (): Promise<unknown> =>
    signal
      ? workflow.signalWithStart<typeof ConversionWorkflow, [OperatorNote?]>(WORKFLOW_TYPE, {
          ...options,
          workflowIdReusePolicy: signal.keepsEnded ? 'REJECT_DUPLICATE' : 'ALLOW_DUPLICATE',
          signal: signal.name,
          signalArgs: signal.note ? [signal.note] : [],
        })
      : workflow.start<typeof ConversionWorkflow>(WORKFLOW_TYPE, {
          ...options,
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
        });
  try {
    // In the trace of the request that asks for it, or else of the request that recorded the conversion.
    await inSpanContext(currentTraceparent() ?? conversion.traceparent, () =>
      temporal.withDeadline(Date.now() + deadlineMs, call),
    );
    return 'woken';
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return 'ended';
    throw startError(error);
  }
}

/**
 * The same in the background, where there is no operator to tell: a conversion whose workflow Temporal refuses for good is
 * parked with Temporal's words, so that it is visible and no start of it is tried again and again.
 * @throws Temporal's ServiceError: the same start may succeed later
 */
export async function wakeOrPark(
  deps: BackgroundDeps,
  conversion: Conversion,
  signal?: WakeSignal,
): Promise<'woken' | 'ended' | 'parked'> {
  try {
    return await wakeConversion(deps, conversion, signal);
  } catch (error) {
    if (!isStartRefused(error)) throw error;
    const { code, message } = error;
    if (await parkRefused(deps, conversion, { reason: code, message }))
      deps.logger.warn({ conversionId: conversion._id, code }, `parked: ${message}`);
    return 'parked';
  }
}

/**
 * Temporal hands out waiting activities by priority, 1 first: sales do not wait behind a burst of signups, which cost an
 * attacker nothing. The workflow's activities inherit it.
 */
const PRIORITY = { sale: 2, lead: 4 };

function startOptions(conversion: Conversion) {
  const { _id: id, campaignEventId, userId, attribution, occurredAt, payload, erasedAt } = conversion;
  const withoutClick = hasPromoCode(conversion) ? 'promo code' : 'no click';
  // Never the click id: no erasure reaches the history.
  const click = erasedAt ? 'user erased' : attribution ? 'click' : withoutClick;
  return {
    args: [{ conversionId: id }] as [{ conversionId: string }],
    workflowId: workflowId(id),
    taskQueue: TASK_QUEUES.conversions,
    workflowIdConflictPolicy: 'USE_EXISTING' as const,
    priority: { priorityKey: 'totalAmountCents' in payload ? PRIORITY.sale : PRIORITY.lead },
    staticSummary: plain(`${campaignEventId} · ${click} · user ${userId}`),
    staticDetails: `Conversion ${code(id)}, occurred ${occurredAt.toISOString()}.`,
    // Operators find the workflow by these from its start.
    typedSearchAttributes: [
      { key: SEARCH_ATTRIBUTES.conversionStatus, value: 'Reporting' },
      { key: SEARCH_ATTRIBUTES.campaignEvent, value: campaignEventId },
      { key: SEARCH_ATTRIBUTES.affiliateUserId, value: userId },
    ],
  };
}

/**
 * Starts the workflow of a pending conversion, or signals it because of pending adjustments or a restart, and marks in the
 * ledger that this is done.
 * @returns `ended` where somebody has ended the workflow before it began: then nothing is marked
 * @throws Temporal's ServiceError; the conversion stays due, and the relay tries again
 */
export async function handOver(deps: BackgroundDeps, conversion: Conversion) {
  // The run that decided against a restarted conversion may be closing at this moment: the signal keeps it open.
  const hasNews = hasPendingAdjustment(conversion) || isRestarted(conversion);
  const signal = hasNews ? ({ name: 'adjust' } as const) : undefined;
  const result = await wakeOrPark(deps, conversion, signal);
  if (result === 'woken') await markHandedOver(deps, conversion);
  return result;
}

/** Its workflow has to be started, or signalled because of an adjustment. */
export function isDue(conversion: Conversion): boolean {
  return conversion.status === 'pending' || hasPendingAdjustment(conversion);
}

export function hasPendingAdjustment({ adjustments = [] }: Conversion): boolean {
  return adjustments.some(({ status }) => status === 'pending');
}
