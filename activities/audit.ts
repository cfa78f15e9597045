import type { CampaignEvents } from '../src/domain/campaign-events/registry.js';
import type { ImpactClient } from '../src/impact/client.js';
import type { Database } from '../src/mongo.js';
import { createCompareWithLedger } from './compare-with-ledger.js';
import { createListActions } from './list-actions.js';
import { createPlanAudit } from './plan-audit.js';

export interface AuditActivitiesDeps {
  db: Database;
  campaignEvents: CampaignEvents;
  impact: ImpactClient | null;
}

export function createAuditActivities(deps: AuditActivitiesDeps) {
  return {
    planAudit: createPlanAudit(deps),
    listActions: createListActions(deps),
    compareWithLedger: createCompareWithLedger(deps),
  };
}

export type AuditActivities = ReturnType<typeof createAuditActivities>;
