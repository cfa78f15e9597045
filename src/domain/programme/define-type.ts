import type { z } from 'zod';
import type { FieldError } from '../errors.js';
import type { Amount, ConversionDetails, EventInput } from './event.js';

/** An event of the programme, as far as its type has to know it. */
export interface TypedEvent {
  id: string;
  /** The service records it when it creates a user. */
  isSignup: boolean;
}

/** One of Impact's action types: what its events carry, and how this service reports them. */
export interface EventType<Payload extends Record<string, unknown> = Record<string, unknown>> {
  description: string;
  payload(event: TypedEvent): z.ZodObject<z.ZodRawShape, z.core.$strict> & z.ZodType<Payload>;
  /** What no field alone can say. */
  problems?(payload: Payload): FieldError[];
  /** Payloads for the documentation: the least that works, and one with all fields, if there are more. */
  example: Payload;
  fullExample?: Payload;
  key(event: { userId: string; payload: Payload }): string;
  /** The reverse of `key`, as far as a key can say: of a refund that comes before its conversion. */
  fromKey(key: string): EventInput | undefined;
  orderId(event: { userId: string; payload: Payload }, of: TypedEvent): string;
  /** The reverse of `orderId`, as far as an order id can say; undefined if the event can have no such order id. */
  fromOrderId(orderId: string, of: TypedEvent): EventInput | undefined;
  amount?(payload: Payload): Amount | undefined;
  details(payload: Payload, of: TypedEvent): ConversionDetails;
}

export function defineType<Shape extends z.ZodRawShape>(
  type: Omit<EventType<z.output<z.ZodObject<Shape>>>, 'payload'> & {
    payload(event: TypedEvent): z.ZodObject<Shape, z.core.$strict>;
  },
): EventType {
  return type as unknown as EventType;
}
