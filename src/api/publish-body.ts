import { z } from 'zod';
import { USER_ID } from '../domain/conversion.js';
import { clerkId, pastTime } from '../domain/fields.js';
import type { CampaignEvent } from '../domain/programme/event.js';
import type { Programme } from '../domain/programme/programme.js';
import type { ConversionToPublish } from '../ledger/publish-conversion.js';

/**
 * The body of publishing and of its dry run: one member per campaign event, distinguished by `campaignEventId`.
 * Parsing throws DomainError `unknown_campaign_event` or `amount_too_high`, because clients branch on these codes.
 */
export function publishBody(programme: Programme) {
  const [first, ...others] = programme.all.map(eventBody);
  if (!first) throw new Error('there is no campaign event');
  return z
    .discriminatedUnion('campaignEventId', [first, ...others], {
      error({ input }) {
        const { campaignEventId } = (input ?? {}) as { campaignEventId?: unknown };
        if (typeof campaignEventId === 'string') programme.get(campaignEventId);
        return `must be one of ${programme.ids.join(', ')}`;
      },
    })
    .refine(({ userId, clerkId }) => (userId === undefined) !== (clerkId === undefined), {
      path: ['userId'],
      message: 'name the user by exactly one of userId and clerkId',
    })
    .superRefine(
      ({ campaignEventId, userId: _id, clerkId: _clerk, occurredAt: _at, ...payload }, context) => {
        if (context.issues.length > 0) return;
        for (const { field, message } of programme.get(campaignEventId).problems(payload))
          context.addIssue({ code: 'custom', path: field.split('.'), message });
      },
    )
    .transform(({ campaignEventId, userId, clerkId = '', occurredAt, ...payload }): ConversionToPublish => {
      const user = userId === undefined ? { clerkId } : { userId };
      return { campaignEventId, user, occurredAt: occurredAt ? new Date(occurredAt) : undefined, payload };
    });
}

function eventBody(event: CampaignEvent) {
  const userId = z.string().regex(USER_ID, 'must be 24 hexadecimal digits in lower case').optional();
  return z
    .strictObject({
      ...event.payload.shape,
      campaignEventId: z.literal(event.id),
      userId: userId.describe('As in the answer of GET /v1/me. Send this or `clerkId`.'),
      clerkId: clerkId.optional().describe("The user's id at the token issuer. Send this or `userId`."),
      occurredAt: pastTime
        .optional()
        .describe(
          'When the event happened, ISO 8601 with an offset; by default the time of the request. ' +
            'Impact drops events older than 88 days.',
        ),
    })
    .meta({ description: event.description, oneOf: [{ required: ['userId'] }, { required: ['clerkId'] }] });
}
