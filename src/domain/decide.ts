import { type Attribution, attributionAt } from './attribution.js';
import type { CampaignEvent } from './campaign-events/define.js';
import type { ConversionReport, SkipReason } from './conversion.js';
import { checkReferralWindow } from './referral-window.js';
import { planReport, type Unattributed } from './report.js';

export type Decision =
  | { wouldBe: 'reported'; report: ConversionReport }
  | { wouldBe: 'skipped'; reason: Exclude<SkipReason, 'provider_not_configured'>; detail?: string }
  | { wouldBe: 'parked'; reason: 'too_old'; detail: string };

/**
 * All that is decided about a conversion before Impact is asked, from the same functions and in the same order as
 * it is decided for real: when it is recorded, in the workflow, and before it is sent.
 */
export function decide(
  event: CampaignEvent,
  conversion: Unattributed,
  clicks: readonly Attribution[],
  now: Date,
): Decision {
  const found = attributionAt(clicks, conversion.occurredAt);
  if (!found.attribution) return { wouldBe: 'skipped', reason: found.reason };
  const { attribution } = found;
  const { inside, detail } = checkReferralWindow({
    capturedAt: attribution.capturedAt,
    occurredAt: conversion.occurredAt,
    referralWindowDays: event.referralWindowDays,
  });
  if (!inside) return { wouldBe: 'skipped', reason: 'outside_referral_window', detail };
  const plan = planReport(event, conversion, attribution, now);
  if (plan.report) return { wouldBe: 'reported', report: plan.report };
  return { wouldBe: 'parked', reason: plan.reason, detail: plan.detail };
}
