import type { z } from 'zod';

/** Everything that makes one kind of conversion. The API, OpenAPI, ids and the report to Impact follow from it. */
export interface CampaignEvent<
  Id extends string = string,
  Payload extends Record<string, unknown> = Record<string, unknown>,
> {
  id: Id;
  description: string;
  /** Impact's number of the affiliate programme. */
  campaignId: number;
  /** Impact's number of this event type within the programme. */
  actionTrackerId: number;
  referralWindowDays: number;
  /**
   * The largest amount of one conversion by currency, in the currency's minor unit. With it, the event takes no amount in
   * another currency; without it, any amount.
   */
  maxAmountCents?: Readonly<Record<string, number>>;
  /** What a backend sends beside the user and the time. */
  payload: z.ZodObject<z.ZodRawShape, z.core.$strict> & z.ZodType<Payload>;
  /** A payload for the documentation. */
  example: Payload;
  /** Distinguishes two events of one kind: the same key is the same conversion. */
  key(event: EventInput<Payload>): string;
  /** Impact's `OrderId`: unique per action tracker, at most 64 characters, what people search for. */
  orderId(event: EventInput<Payload>): string;
  /** The fields of the report that come from the payload. */
  details(payload: Payload): ConversionDetails;
}

export interface EventInput<Payload> {
  userId: string;
  payload: Payload;
}

export function defineCampaignEvent<const Id extends string, Shape extends z.ZodRawShape>(
  event: Omit<CampaignEvent<Id, z.output<z.ZodObject<Shape>>>, 'payload'> & {
    payload: z.ZodObject<Shape, z.core.$strict>;
  },
): typeof event {
  return event;
}

/** The fields of a report that an event may fill from its payload. */
export interface ConversionDetails {
  customerStatus?: 'New' | 'Existing';
  /** Decimal string in major units. Needs `currencyCode`. */
  amount?: string;
  currencyCode?: string;
  orderPromoCode?: string;
  note?: string;
}
