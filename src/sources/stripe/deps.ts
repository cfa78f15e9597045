import type { Conversion } from '../../domain/conversion.js';
import type { CampaignEvent } from '../../domain/programme/event.js';
import type { PublishDeps } from '../../ledger/publish-conversion.js';
import type { Logger } from '../../logger.js';
import type { Metrics } from '../../metrics.js';
import type { HeldReason } from './kept-object.model.js';

/** What counts as a sale's amount. */
export const AMOUNTS = ['without_tax', 'with_tax'] as const;
export type Amount = (typeof AMOUNTS)[number];

export interface StripeConfig {
  /** Of the webhook endpoint; several while one is rotated. */
  secrets: readonly string[];
  /** The campaign event of which an invoice is a sale. */
  saleEvent: CampaignEvent;
  amount: Amount;
}

export type StripeDeps = PublishDeps & {
  metrics: Metrics;
  logger: Logger;
  stripe: StripeConfig;
  /** Has the workflow of a conversion started, after the answer. */
  wake: (conversion: Conversion) => void;
};

/** What became of an event. */
export type Outcome =
  | { result: 'recorded'; conversionId?: string }
  | { result: 'held'; reason: HeldReason; conversionId?: string }
  | { result: 'ignored'; reason: IgnoredReason };

export const IGNORED_REASONS = {
  event_type: 'this service reads no events of this type',
  connected_account: 'it is of a connected account, and not of the own one',
  no_amount: 'nothing was billed, as in a trial, or with a credit',
  no_user: 'it names no user',
  no_invoice: 'the payment was for no invoice',
  not_a_conversion: 'the user of the invoice is `none`',
  inquiry: 'the dispute is an inquiry, and no money was withdrawn',
} as const;

export type IgnoredReason = keyof typeof IGNORED_REASONS;
