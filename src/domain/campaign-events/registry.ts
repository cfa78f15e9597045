import { DomainError } from '../errors.js';
import type { CampaignEvent } from './define.js';

export interface CampaignEvents {
  readonly all: readonly CampaignEvent[];
  readonly ids: readonly string[];
  /** @throws DomainError `unknown_campaign_event`, naming the known ones */
  get(id: string): CampaignEvent;
}

export function createCampaignEvents(all: readonly CampaignEvent[]): CampaignEvents {
  const byId = new Map(all.map((event) => [event.id, event]));
  if (byId.size !== all.length) throw new Error('two campaign events share an id');
  const ids = [...byId.keys()];
  return {
    all,
    ids,
    get(id) {
      const event = byId.get(id);
      if (event) return event;
      throw new DomainError(
        'unknown_campaign_event',
        `There is no campaign event "${id}". Known: ${ids.join(', ')}.`,
      );
    },
  };
}
