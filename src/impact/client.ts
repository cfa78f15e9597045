import type { ImpactConnection } from '../config.js';
import type { ConversionReport } from '../domain/conversion.js';
import { encodeReport } from './encode-report.js';
import { PermanentImpactError } from './errors.js';
import { findAction, type Order } from './find-action.js';
import { createCall, unreadable } from './http.js';
import { type ActionsWindow, type ListedAction, listActions } from './list-actions.js';
import { readAnswer } from './read-answer.js';
import { readSubmission, type SubmissionState } from './read-submission.js';

/** Impact's words stop here. Every call throws PermanentImpactError or RetryableImpactError. */
export interface ImpactClient {
  /** Impact has taken the conversion into its queue; whether it is accepted is decided there, later. */
  submitConversion(report: ConversionReport): Promise<{ queuedUri?: string }>;
  /**
   * What Impact made of a submission.
   * @param queuedUri as in the receipt
   * @returns null where Impact does not know it (any more: it keeps submissions for 90 days)
   */
  getSubmission(queuedUri: string): Promise<SubmissionState | null>;
  /** Whether Impact has an Action for the order. An order that it attributed to nobody has none. */
  findAction(order: Order): Promise<{ actionId: string } | null>;
  /** Impact's Actions of the window, page by page, in no order. */
  listActions(window: ActionsWindow): AsyncGenerator<ListedAction>;
}

/** @returns null where Impact is not configured */
export function createImpactClient(
  config: ImpactConnection,
  send: typeof fetch = fetch,
): ImpactClient | null {
  const { credentials } = config;
  if (!credentials) return null;
  const call = createCall(config, credentials, send);

  return {
    async submitConversion(report) {
      const exchange = await call('/Conversions', encodeReport(report));
      const answer = readAnswer(exchange.body);
      if (answer?.status !== 'QUEUED' && answer?.status !== 'OK') throw unreadable(exchange);
      return answer.queuedUri === undefined ? {} : { queuedUri: answer.queuedUri };
    },
    async getSubmission(queuedUri) {
      const batchId = queuedUri.slice(queuedUri.lastIndexOf('/') + 1);
      const exchange = await call(`/APISubmissions/${encodeURIComponent(batchId)}`).catch(nullIfNotFound);
      return exchange && readSubmission(exchange);
    },
    findAction: (order) => findAction(call, order),
    listActions: (window) => listActions(call, window),
  };
}

function nullIfNotFound(error: unknown): null {
  if (error instanceof PermanentImpactError && error.httpStatus === 404) return null;
  throw error;
}
