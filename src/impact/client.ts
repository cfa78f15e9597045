import type { ImpactConnection } from '../config.js';
import type { ConversionReport } from '../domain/decide.js';
import { encodeForm } from './encode-form.js';
import { PermanentImpactError } from './errors.js';
import { findAction, type Order } from './find-action.js';
import { createCall, type Exchange, unreadable } from './http.js';
import { type ActionsWindow, type ListedAction, listActions } from './list-actions.js';
import type { ObserveImpact } from './observe.js';
import { readAnswer } from './read-answer.js';
import { readSubmission, type SubmissionState } from './read-submission.js';

/** Impact's vocabulary stays behind this interface. Every call throws PermanentImpactError or RetryableImpactError. */
export interface ImpactClient {
  /** Resolves once Impact has queued the conversion; Impact decides later whether to accept it. */
  submitConversion(report: ConversionReport): Promise<{ queuedUri?: string }>;
  /**
   * Outcome of a submission.
   * @param queuedUri from the receipt
   * @param clickId of the conversion, which the reasons must not repeat
   * @returns null if Impact does not know the submission; it keeps submissions for 90 days
   */
  getSubmission(queuedUri: string, clickId?: string): Promise<SubmissionState | null>;
  /** Impact's Action for the order; null if Impact credited no partner with the order. */
  findAction(order: Order): Promise<ListedAction | null>;
  /** Reverses an order, so that no partner is paid for it. Queued like a conversion. */
  reverseAction(change: ActionChange): Promise<{ queuedUri?: string }>;
  updateAction(change: AmountChange): Promise<{ queuedUri?: string }>;
  /** Impact's Actions in the window, page by page, unordered. */
  listActions(window: ActionsWindow): AsyncGenerator<ListedAction>;
}

export interface ActionChange {
  actionTrackerId: number;
  orderId: string;
  /** Impact's reason code. */
  reason: string;
}

export interface AmountChange extends ActionChange {
  /** The whole new amount, a decimal string in major units. */
  amount: string;
  /** What is left of the items: their amounts have the whole one as their sum. */
  items?: readonly ActionItem[] | undefined;
}

export interface ActionItem {
  sku: string;
  category: string;
  /** 0: it was returned. */
  quantity: number;
  /** Final, a decimal string in major units. */
  amount: string;
}

/** @returns null if Impact is not configured */
export function createImpactClient(
  config: ImpactConnection,
  send: typeof fetch = fetch,
  observe: ObserveImpact = () => undefined,
): ImpactClient | null {
  const { credentials } = config;
  if (!credentials) return null;
  const call = createCall(config, credentials, send, observe);

  return {
    async submitConversion(report) {
      const personal = [report.clickId, report.customerEmail, report.note];
      return readReceipt(await call('/Conversions', encodeForm(report), { personal }));
    },
    async getSubmission(queuedUri, clickId) {
      const batchId = queuedUri.slice(queuedUri.lastIndexOf('/') + 1);
      const path = `/APISubmissions/${encodeURIComponent(batchId)}`;
      const exchange = await call(path, undefined, { personal: [clickId] }).catch(nullIfNotFound);
      return exchange && readSubmission(exchange);
    },
    findAction: (order) => findAction(call, order),
    listActions: (window) => listActions(call, window),
    // https://integrations.impact.com/impact-brand/reference/reverse-an-action
    reverseAction: async ({ reason, ...order }) =>
      readReceipt(
        await call('/Actions', encodeForm({ ...order, dispositionCode: reason }), { method: 'DELETE' }),
      ),
    // https://integrations.impact.com/impact-brand/reference/update-an-action
    updateAction: async (change) =>
      readReceipt(await call('/Actions', encodeForm(changeForm(change)), { method: 'PUT' })),
  };
}

/**
 * Items have no number, and then 2, 3, …: "Sku, Sku2, Sku3" (v14 Actions specification). Their reason is always ORDER_UPDATE:
 * https://integrations.impact.com/impact-brand/reference/update-an-action-item
 */
function changeForm({ items, amount, ...change }: AmountChange): Record<string, string | number> {
  if (!items) return { ...change, amount };
  const fields = items.flatMap((item, index) =>
    Object.entries(item).map(([name, value]) => [index === 0 ? name : `${name}${index + 1}`, value]),
  );
  return { ...change, reason: 'ORDER_UPDATE', ...Object.fromEntries(fields) };
}

function readReceipt(exchange: Exchange): { queuedUri?: string } {
  const answer = readAnswer(exchange);
  if (answer?.status !== 'QUEUED' && answer?.status !== 'OK') throw unreadable(exchange);
  return answer.queuedUri === undefined ? {} : { queuedUri: answer.queuedUri };
}

function nullIfNotFound(error: unknown): null {
  if (error instanceof PermanentImpactError && error.httpStatus === 404) return null;
  throw error;
}
