import type { Request } from 'express';
import { z } from 'zod';

const querySchema = z.strictObject({ orderId: z.string().optional() });

export function orderIdOf(req: Request): string | undefined {
  return querySchema.parse(req.query).orderId;
}
