import type { z } from 'zod';
import type { FieldError } from '../errors.js';

/** Everything that makes one kind of conversion. The API, OpenAPI, ids and the report to Impact follow from it. */
export interface CampaignEvent {
  id: string;
  /** A row of `types/index.ts`. */
  type: string;
  description: string;
  /** Impact's number of the affiliate programme. */
  campaignId: number;
  /** Impact's number of this event type within the programme. */
  actionTrackerId: number;
  /** `null`: this service checks no window, and Impact's contract alone decides. */
  referralWindowDays: number | null;
  /**
   * The largest amount of one conversion by currency, in the currency's minor unit. With it, the event takes no amount in
   * another currency; without it, any amount.
   */
  maxAmountCents?: Readonly<Record<string, number>>;
  /** Impact breaks the chain of two actions unless it has tracked the parent before the child. */
  after?: Parent;
  /** What a backend sends beside the user and the time. */
  payload: z.ZodObject<z.ZodRawShape, z.core.$strict>;
  /** What is wrong with a payload as a whole, which its schema has accepted. */
  problems(payload: Payload): FieldError[];
  /** Payloads for the documentation: the least that works, and one with all fields. */
  example: Payload;
  fullExample?: Payload;
  /** Distinguishes two events of one kind: the same key is the same conversion. */
  key(event: EventInput): string;
  /** What the key alone says of a conversion, or undefined if the event can have no such key. */
  fromKey(key: string): EventInput | undefined;
  /** Impact's `OrderId`: unique per action tracker, at most 64 characters, what people search for. */
  orderId(event: EventInput): string;
  /** What the order id alone says of a conversion, or undefined if the event can have no such order id. */
  fromOrderId(orderId: string): EventInput | undefined;
  /** The amount on which Impact pays; undefined if the event has none. */
  amount(payload: Payload): Amount | undefined;
  /** The fields of the report that come from the payload. */
  details(payload: Payload): ConversionDetails;
}

export type Payload = Record<string, unknown>;

export interface EventInput {
  userId: string;
  payload: Payload;
}

export interface Parent {
  /** A lead, so that each user has one at most. */
  eventId: string;
  /** How long after the parent's delivery the child is sent. */
  minutes: number;
  /** How long the child waits for a parent that is parked or missing. */
  maxHours: number;
}

export interface Amount {
  /** Decimal string in major units. */
  amount: string;
  currencyCode: string;
}

/**
 * The fields of a report that an event may fill from its payload. Names are Impact's, in camel case.
 * https://integrations.impact.com/impact-brand/reference/submit-a-conversion
 */
export interface ConversionDetails {
  customerStatus?: 'New' | 'Existing';
  /** SHA-1 or SHA-256, in hexadecimal. */
  customerEmail?: string;
  /** Decimal string in major units, before `orderDiscount`. Needs `currencyCode`. Not together with items. */
  amount?: string;
  currencyCode?: string;
  /** Impact subtracts it from the amount, or from the items. */
  orderDiscount?: string;
  /** Tax and shipping are no part of the amount on which Impact pays. */
  orderTax?: string;
  orderShipping?: string;
  /** It credits the partner who has the code. */
  orderPromoCode?: string;
  note?: string;
  /** `itemSku1`, `itemCategory1`, `itemQuantity1`, `itemSubTotal1`, …: counted from 1. */
  [item: `item${string}`]: string;
}
