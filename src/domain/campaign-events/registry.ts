import { DomainError } from '../errors.js';
import type { CampaignEvent } from './define.js';

export type CampaignEvents = ReturnType<typeof createCampaignEvents>;

export function createCampaignEvents(all: readonly CampaignEvent[]) {
  const byId = new Map(all.map((event) => [event.id, event]));
  if (byId.size !== all.length) throw new Error('two campaign events share an id');
  const ids = [...byId.keys()];
  return {
    all,
    ids,
    /** @throws DomainError `unknown_campaign_event`, naming the known ones */
    get(id: string): CampaignEvent {
      const event = byId.get(id);
      if (event) return event;
      throw new DomainError(
        'unknown_campaign_event',
        `There is no campaign event "${id}". Known: ${ids.join(', ')}.`,
      );
    },
  };
}
