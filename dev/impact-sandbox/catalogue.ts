import { z } from 'zod';
import type { ErrorReason } from './submissions/error-reasons.js';

const actionTrackerSchema = z.strictObject({
  id: z.int().positive(),
  name: z.string().default('Event'),
  /** What `EventTypeCode` names. */
  code: z.string().optional(),
  active: z.boolean().default(true),
});

export const campaignSchema = z.strictObject({
  campaignId: z.int().positive(),
  name: z.string().default('Sandbox campaign'),
  actionTrackers: z.array(actionTrackerSchema),
});

export type Campaign = z.output<typeof campaignSchema>;
export type ActionTracker = z.output<typeof actionTrackerSchema>;
type Fields = Readonly<Record<string, string>>;

export const defaultCampaigns: Campaign[] = [
  {
    campaignId: 48046,
    name: 'Sandbox campaign',
    actionTrackers: [
      { id: 68897, name: 'Signup', code: 'SIGNUP', active: true },
      { id: 99999, name: 'Sale', code: 'SALE', active: true },
    ],
  },
];

/** Error reasons as the v14 Submissions OpenAPI describes them; in which order they are looked for is not documented. */
export function findActionTracker(
  campaigns: Campaign[],
  fields: Fields,
): ActionTracker | Extract<ErrorReason, `ACTIONTRACKER_${string}` | 'CAMPAIGN_NOT_FOUND'> {
  const campaign = campaigns.find(({ campaignId }) => campaignId === Number(fields.CampaignId));
  if (!campaign) return 'CAMPAIGN_NOT_FOUND';
  const tracker = campaign.actionTrackers.find((candidate) => isNamed(candidate, fields));
  if (tracker) return tracker.active ? tracker : 'ACTIONTRACKER_NOT_ACTIVE';
  const elsewhere = campaigns.flatMap(({ actionTrackers }) => actionTrackers);
  return elsewhere.some((candidate) => isNamed(candidate, fields))
    ? 'ACTIONTRACKER_CAMPAIGN_MISMATCH'
    : 'ACTIONTRACKER_NOT_FOUND';
}

function isNamed({ id, code }: ActionTracker, { ActionTrackerId, EventTypeCode }: Fields): boolean {
  return ActionTrackerId ? id === Number(ActionTrackerId) : code === EventTypeCode;
}
