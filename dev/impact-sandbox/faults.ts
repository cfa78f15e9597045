import { STATUS_CODES } from 'node:http';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { refused, sendAnswer } from './answers.js';
import { type ImpactRequest, RESOURCES } from './read-request.js';

const scope = {
  resource: z.enum(RESOURCES).default('Conversions'),
  orderId: z.string().optional(),
  /** Only requests that name this event type. */
  actionTrackerId: z.string().optional(),
  /** How many requests the fault applies to. */
  times: z.int().positive().default(1),
};
/** Whether Impact took the conversion although its answer was lost. */
const accepted = z.boolean().default(false);
const headers = z.record(z.string(), z.string()).default({});
const body = z.union([z.string(), z.record(z.string(), z.json())]).optional();

const faultSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('status'),
    status: z.int().min(200).max(599),
    headers,
    body,
    accepted,
    ...scope,
  }),
  z.strictObject({ kind: z.literal('rate-limit'), headers, ...scope }),
  z.strictObject({ kind: z.literal('delay'), delayMs: z.int().min(0), ...scope }),
  z.strictObject({ kind: z.literal('hang'), accepted, ...scope }),
  z.strictObject({ kind: z.literal('reset'), accepted: z.boolean().default(true), ...scope }),
  z.strictObject({
    kind: z.literal('garbage'),
    body: z.string().default('{"Status":"QUE'),
    accepted,
    ...scope,
  }),
]);

export type Fault = z.infer<typeof faultSchema>;
export type Faults = ReturnType<typeof createFaults>;

/** Faults wait in the order in which they were added. The first one that matches a request applies to it. */
export function createFaults() {
  let active: Fault[] = [];
  return {
    list: () => active,

    add(definition: unknown): Fault {
      const fault = faultSchema.parse(definition);
      active.push(fault);
      return fault;
    },

    take({ resource, fields }: ImpactRequest, orderId: string | undefined): Fault | undefined {
      const fault = active.find(
        (candidate) =>
          candidate.resource === resource &&
          [undefined, orderId].includes(candidate.orderId) &&
          [undefined, fields.get('ActionTrackerId')].includes(candidate.actionTrackerId),
      );
      if (fault) fault.times -= 1;
      active = active.filter(({ times }) => times > 0);
      return fault;
    },

    clear(orderId?: string): void {
      active = orderId === undefined ? [] : active.filter((fault) => fault.orderId !== orderId);
    },
  };
}

export function sendFault(req: Request, res: Response, fault: Exclude<Fault, { kind: 'delay' }>): void {
  switch (fault.kind) {
    case 'hang':
      return;
    case 'reset':
      req.socket.resetAndDestroy();
      return;
    case 'garbage':
      res.type('json').end(fault.body);
      return;
    case 'rate-limit':
      // https://integrations.impact.com/impact-brand/reference/status-codes
      sendAnswer(res.set(fault.headers), refused(429, 'Too many requests hit the API too quickly'));
      return;
    case 'status':
      res.set(fault.headers);
      if (fault.body === undefined)
        sendAnswer(res, refused(fault.status, STATUS_CODES[fault.status] ?? 'Error'));
      else res.status(fault.status).send(fault.body);
  }
}
