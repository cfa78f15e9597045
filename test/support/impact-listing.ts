import type { ImpactClient } from '../../src/impact/client.js';
import type { ListedAction } from '../../src/impact/list-actions.js';

/** Impact with these Actions, and with nothing else that a test of the audit needs. */
export function impactListing(...actions: ListedAction[]): ImpactClient {
  return {
    async *listActions() {
      yield* actions;
    },
  } as unknown as ImpactClient;
}
