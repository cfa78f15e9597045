import { payloadWith, reversalOf } from '../domain/adjustment.js';
import { type Conversion, type ConversionStatus, conversionId, isPlaceholder } from '../domain/conversion.js';
import { type Decision, decide } from '../domain/decide.js';
import { inWords } from '../domain/duration.js';
import { parentIdOf } from '../domain/parent.js';
import type { CampaignEvent, Parent } from '../domain/programme/event.js';
import type { Programme } from '../domain/programme/programme.js';
import { reasonOf } from '../domain/reasons.js';
import { lookUpConversion } from '../ledger/find-conversion.js';
import {
  type ConversionToPublish,
  checkAmounts,
  sameOrConflict,
  userFilter,
  userIdFor,
} from '../ledger/publish-conversion.js';
import type { Database } from '../mongo.js';
import { attributionOf } from '../users/clicks.js';
import type { UserIdOf } from '../users/user-id.js';
import { explainConversion } from './explain-conversion.js';
import { formOf } from './show-report.js';

/** What publishing would come to. */
export interface DryRun {
  conversionId: string;
  /**
   * `unchanged`: it is in the ledger already, and publishing it again makes no second one. `reversed`: a refund of it waits in
   * the ledger.
   */
  wouldBe: Decision['wouldBe'] | 'unchanged' | 'reversed';
  code: string;
  explanation: string;
  /** The form that Impact would get. */
  request?: Record<string, string>;
  existing?: ConversionStatus;
}

const CREDENTIALS =
  'This holds where the worker has Impact credentials, which the API cannot know: without them it is skipped, provider_not_configured.';

/**
 * Decides as publishing does, and writes nothing.
 * @throws DomainError as publishing does: `unknown_campaign_event`, `amount_too_high`, `conversion_conflict`
 */
export async function dryRunConversion(
  deps: { db: Database; programme: Programme; userIdOf: UserIdOf },
  request: ConversionToPublish,
): Promise<DryRun> {
  const { db, programme } = deps;
  const event = programme.get(request.campaignEventId);
  const user = await db.users.findOne(userFilter(request.user)).lean();
  const userId = userIdFor(deps, request.user, user);
  const { payload, occurredAt = new Date() } = request;
  const id = conversionId(event.id, event.key({ userId, payload }));
  const existing = await lookUpConversion(db, id);
  if (existing && !isPlaceholder(existing))
    return unchanged(sameOrConflict(event, existing, request, userId));
  const met = { payload, ...(existing?.adjustments ? { adjustments: existing.adjustments } : {}) };
  checkAmounts(event, met);
  if (reversalOf(met)) {
    const { code, meaning } = reasonOf('reversed');
    return { conversionId: id, wouldBe: 'reversed', code, explanation: meaning };
  }
  const decision = decide(
    event,
    { userId, payload: payloadWith(met, 'effective'), occurredAt },
    attributionOf(user, occurredAt, programme.attribution),
    new Date(),
  );
  return { conversionId: id, wouldBe: decision.wouldBe, ...explainDecision(decision, event, userId) };
}

function explainDecision(decision: Decision, event: CampaignEvent, userId: string) {
  if (decision.wouldBe === 'reported') {
    const what = `It would be reported to Impact, as event type ${event.actionTrackerId} of programme ${event.campaignId}.`;
    const wait = event.after ? ` ${waitText({ userId }, event.after)}` : '';
    const request = formOf(decision.report);
    return { code: 'reported', explanation: `${what}${wait} ${CREDENTIALS}`, request };
  }
  const { code, meaning } = reasonOf(decision.reason);
  return { code, explanation: decision.detail ? `${meaning} ${decision.detail}` : meaning };
}

/** It may be over already: that depends on when the conversion is published. */
function waitText(child: Pick<Conversion, 'userId'>, after: Parent): string {
  return `It would wait for ${parentIdOf(child, after)}, until ${inWords(after.minutes * 60_000)} after Impact got that.`;
}

function unchanged(existing: Conversion): DryRun {
  const { meaning } = explainConversion(existing);
  return {
    conversionId: existing._id,
    wouldBe: 'unchanged',
    code: 'already_recorded',
    explanation: `It is in the ledger already, ${existing.status}, and publishing it again makes no second one. ${meaning}`,
    existing: existing.status,
  };
}
