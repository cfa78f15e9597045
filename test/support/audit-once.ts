import { planAudit } from '../../src/audit/plan-audit.js';
import { stageActions } from '../../src/audit/stage-actions.js';
import { writeAudit } from '../../src/audit/write-audit.js';
import type { AuditWindow } from '../../src/domain/audit.js';
import { defaultProgramme as programme } from '../../src/domain/programme/default-programme.js';
import type { ListedAction } from '../../src/impact/list-actions.js';
import type { Database } from '../../src/mongo.js';
import { impactListing } from './impact-listing.js';

export interface OneAudit {
  window: AuditWindow;
  /** Conversions that changed later are left to the next audit. */
  begunAt: Date;
  /** What Impact lists. */
  actions?: ListedAction[];
}

/** The steps of an audit, without its workflow. */
export async function auditOnce(db: Database, audit: OneAudit) {
  return (await stageAudit(db, audit)).compare();
}

/** Lists what Impact has. What comes after that may come later, or again. */
export async function stageAudit(db: Database, { window, begunAt, actions = [] }: OneAudit) {
  const deps = { db, programme, impact: impactListing(...actions), onBatch: () => undefined };
  const plan = await planAudit(deps, window, begunAt);
  const [listing] = plan.listings;
  if (listing) await stageActions(deps, plan.auditId, listing);
  return {
    plan,
    compare: (onBatch: () => void = () => undefined) => writeAudit({ ...deps, onBatch }, plan, 0),
  };
}
