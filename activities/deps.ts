import { ApplicationFailure } from '@temporalio/common';
import type { CampaignEvents } from '../src/domain/campaign-events/registry.js';
import { DomainError } from '../src/domain/errors.js';
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

/** A refusal of the ledger or the programme, such as `conversion_not_found`, which no retry of the activity fixes. */
export function asActivity<Args extends unknown[], Result>(
  work: (...args: Args) => Promise<Result>,
): (...args: Args) => Promise<Result> {
  return async (...args) => {
    try {
      return await work(...args);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      throw ApplicationFailure.nonRetryable(error.message, error.code);
    }
  };
}
