import { STATUS_CODES } from 'node:http';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { refused, sendAnswer } from './answers.js';
import { type ImpactRequest, RESOURCES } from './read-request.js';

const faultSchema = z.strictObject({
  kind: z.enum(['status', 'rate-limit', 'garbage', 'delay', 'hang', 'reset']),
  /** Of `status`, `rate-limit` and `garbage`. */
  status: z.int().min(200).max(599).optional(),
  headers: z.record(z.string(), z.string()).optional(),
  body: z.union([z.string(), z.record(z.string(), z.json())]).optional(),
  /** Of `delay`. */
  delayMs: z.int().min(0).optional(),
  /** Whether Impact took the conversion although its answer was lost. */
  accepted: z.boolean().optional(),
  /** Which requests the fault applies to, and to how many of them. */
  resource: z.enum(RESOURCES).default('Conversions'),
  orderId: z.string().optional(),
  actionTrackerId: z.string().optional(),
  times: z.int().positive().default(1),
});

const DEFAULTS = {
  status: { status: 500 },
  'rate-limit': { status: 429 },
  garbage: { status: 200, body: '{"Status":"QUE' },
  delay: { accepted: true },
  hang: {},
  reset: { accepted: true },
};

export type Fault = z.infer<typeof faultSchema>;
export type Faults = ReturnType<typeof createFaults>;

/** Faults wait in the order in which they were added. The first one that matches a request applies to it. */
export function createFaults() {
  let active: Fault[] = [];
  return {
    list: () => active,

    add(definition: unknown): Fault {
      const parsed = faultSchema.parse(definition);
      const fault: Fault = { ...DEFAULTS[parsed.kind], ...parsed };
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

export function sendFault(req: Request, res: Response, { kind, status = 500, headers = {}, body }: Fault) {
  if (kind === 'hang') return;
  if (kind === 'reset') {
    req.socket.resetAndDestroy();
    return;
  }
  res.set(headers);
  if (body === undefined) sendAnswer(res, refused(status, STATUS_CODES[status] ?? 'Error'));
  else res.status(status).send(body);
}
