import { z } from 'zod';

/** `Number` alone would also read `0x10`, `1e2` and ` 5`. */
export const decimal = (schema: z.ZodType<number>) =>
  z.preprocess((value) => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value), schema);

/** The query of every list that goes page by page. */
export const pageQuery = {
  cursor: z.string().max(1_000).optional().describe('`nextCursor` of the previous page; opaque.'),
  limit: decimal(z.int('must be a decimal number').min(1).max(100).default(20)).describe(
    'How many per page.',
  ),
};

export const nextCursor = z.string().optional().describe('Absent on the last page.');
