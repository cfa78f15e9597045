import { z } from 'zod';
import type { User } from '../users/user.model.js';
import { click, time } from './answers.js';

/** A user, as the answers show it. */
export const shownUserSchema = z.object({
  userId: z.string(),
  clerkId: z
    .string()
    .describe(
      "The user's id at the token issuer: `sub` of a session token, unless AUTH_USER_ID_CLAIM names another.",
    ),
  attribution: z.object({
    impact: click
      .optional()
      .describe('The click that the programme credits, the last or the first one; absent if there is none.'),
  }),
  createdAt: time,
});

export function shownUser({ _id, clerkId, attribution, createdAt }: User) {
  return { userId: _id.toHexString(), clerkId, attribution: { impact: attribution?.impact }, createdAt };
}
