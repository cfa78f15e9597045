import type { Asked } from './client.js';

/** A conversion as its client knows it: what it asked for, and what it was answered. */
export interface Wanted {
  event: 'signup' | 'sale_subscription';
  /** Unknown where the API never answered. */
  conversionId?: string;
  orderId?: string;
  /** The click ids that Impact may get. With `null`, no partner brought the user, and Impact gets nothing. */
  clickIds: (string | null)[];
  /** In major units. */
  amount?: number;
  currency?: string;
  /** Both ends included. Of a sale it is one moment, in milliseconds of the clock. */
  occurred: { from: number; to: number };
  asked: Asked;
  adjustments: WantedAdjustment[];
  /** Other requests on the way, of which nothing is reported by itself. */
  besides: Asked[];
}

export interface WantedAdjustment {
  kind: 'amount' | 'reversal';
  /** In major units. */
  amount?: number;
  asked: Asked;
}
