import { z } from 'zod';
import { type Resource, resources } from './resources.js';

/** What a request is about, as far as it says. */
export interface Concern {
  resource: Resource;
  orderId: string | undefined;
  actionTrackerId: string | undefined;
}

const scope = {
  /** Conversions, unless it is said. */
  resource: z.enum(resources).optional(),
  orderId: z.string().optional(),
  /** Only what is reported as this event type. */
  actionTrackerId: z.string().optional(),
  times: z.int().positive().optional(),
  share: z.number().min(0).max(1).optional(),
};
/** Whether Impact took the conversion in although its answer was lost. */
const accepted = z.boolean().default(false);
const status = z.int().min(200).max(599);
const headers = z.record(z.string().regex(/^[\w-]+$/), z.string().regex(/^[\x20-\x7e]*$/)).default({});

export const faultSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('status'),
      status,
      headers,
      body: z.union([z.string(), z.record(z.string(), z.json())]).optional(),
      accepted,
      ...scope,
    }),
    z.strictObject({ kind: z.literal('rate-limit'), headers, ...scope }),
    z.strictObject({ kind: z.literal('delay'), delayMs: z.int().min(0).max(600_000), ...scope }),
    z.strictObject({ kind: z.literal('hang'), accepted, ...scope }),
    z.strictObject({ kind: z.literal('reset'), accepted: z.boolean().default(true), ...scope }),
    z.strictObject({
      kind: z.literal('garbage'),
      status: status.default(200),
      body: z.string().default('{"Status":"QUE'),
      contentType: z
        .string()
        .regex(/^[\x20-\x7e]+$/)
        .default('application/json'),
      accepted,
      ...scope,
    }),
  ])
  .refine((fault) => fault.times === undefined || fault.share === undefined, {
    path: ['share'],
    error: 'Give times or share, not both',
  });

export type Fault = z.infer<typeof faultSchema>;

export type Faults = ReturnType<typeof createFaults>;

/** Faults wait in the order in which they were added; each request meets the first that applies to it. */
export function createFaults(random: () => number) {
  let active: Fault[] = [];
  return {
    list: () => active,

    add(definition: Fault): Fault {
      const fault = definition.share === undefined ? { times: 1, ...definition } : definition;
      active.push(fault);
      return fault;
    },

    take({ resource, orderId, actionTrackerId }: Concern): Fault | undefined {
      const fault = active.find(
        (candidate) =>
          (candidate.resource ?? 'Conversions') === resource &&
          (candidate.orderId === undefined || candidate.orderId === orderId) &&
          (candidate.actionTrackerId === undefined || candidate.actionTrackerId === actionTrackerId) &&
          (candidate.share === undefined || random() < candidate.share),
      );
      if (fault?.times !== undefined) fault.times -= 1;
      active = active.filter(({ times }) => times !== 0);
      return fault;
    },

    clear(orderId?: string): void {
      active = orderId === undefined ? [] : active.filter((fault) => fault.orderId !== orderId);
    },
  };
}
