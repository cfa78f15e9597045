import type { CampaignEvents } from '../src/domain/campaign-events/registry.js';
import type { FollowOptions } from '../src/domain/next-step.js';
import type { ImpactClient } from '../src/impact/client.js';
import type { Ledger } from '../src/ledger/transition.js';

/** What the activities of a conversion use. */
export interface ActivityDeps extends FollowOptions {
  db: Ledger['db'];
  metrics?: NonNullable<Ledger['metrics']>;
  campaignEvents: CampaignEvents;
  /** `null`: the worker has no Impact credentials. */
  impact: ImpactClient | null;
}
