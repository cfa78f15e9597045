import { z } from 'zod';
import { listConversions } from '../../ledger/list-conversions.js';
import { adjustment, conversionState, status, time } from '../answers.js';
import { nextCursor, pageQuery } from '../page-query.js';
import { type ApiDeps, defineRoute } from '../route.js';

const text = (maxLength: number) => z.string().min(1).max(maxLength).optional();

const conversionPage = z
  .object({
    conversions: z.array(
      z.object({
        ...conversionState.shape,
        campaignEventId: z.string(),
        userId: z.string(),
        parkedAdjustment: adjustment.pick({ id: true, kind: true, parkReason: true }).optional(),
        orderId: z.string().optional().describe("Impact's `OrderId`; absent until the first attempt."),
        occurredAt: time,
        createdAt: time,
        updatedAt: time,
      }),
    ),
    nextCursor,
  })
  .meta({ id: 'Conversions' });

export function getConversions({ db }: ApiDeps) {
  return defineRoute({
    method: 'get',
    path: '/v1/conversions',
    operationId: 'conversions.list',
    summary: 'List conversions, newest first',
    description: '`?status=parked` lists the conversions that wait for an operator.',
    access: 'conversions:read',
    query: z.strictObject({
      status: status
        .optional()
        .describe('`parked` also matches a conversion of another status whose adjustment is parked.'),
      event: text(64).describe('Id of a campaign event, including one that is not configured here.'),
      reason: text(100).describe('Reason of the conversion or of its parked adjustment.'),
      userId: text(64),
      ...pageQuery,
    }),
    success: { status: 200, description: 'One page of conversions.', schema: conversionPage },
    handle: ({ query: { cursor, limit, ...filter } }) => listConversions(db, filter, { cursor, limit }),
  });
}
