import { payloadWith } from '../domain/adjustment.js';
import type { Conversion } from '../domain/conversion.js';
import { type ConversionReport, decide } from '../domain/decide.js';
import type { Programme } from '../domain/programme/programme.js';
import { type ReferralWindow, referralWindow } from '../domain/referral-window.js';
import { encodeForm } from '../impact/encode-form.js';
import { isOfType } from '../ledger/find-contradictions.js';

/** The form in which Impact gets a report. */
export function formOf(report: ConversionReport): Record<string, string> {
  return Object.fromEntries(encodeForm(report));
}

/** By the programme of today, if it has the event, and if the conversion has a click. */
export function windowOf(
  programme: Programme,
  { campaignEventId, attribution, occurredAt }: Conversion,
): ReferralWindow | undefined {
  const event = programme.find(campaignEventId);
  return event && attribution
    ? referralWindow(attribution.capturedAt, occurredAt, event.referralWindowDays)
    : undefined;
}

/**
 * The form that Impact got with the last attempt, or would get now, by the programme of today. It leaves out the hash of
 * the customer's e-mail address.
 * @returns undefined where the conversion would not be sent, its user was erased, or its event has left the programme or has another type now
 */
export function requestOf(programme: Programme, conversion: Conversion): Record<string, string> | undefined {
  const { campaignEventId, attribution, submission, status, erasedAt } = conversion;
  const event = programme.find(campaignEventId);
  if (erasedAt || !event || !isOfType(event, conversion)) return undefined;
  if (status === 'reversed' && !submission) return undefined;
  const found = attribution ? { attribution } : ({ attribution, reason: 'no_attribution' } as const);
  const sent = { ...conversion, payload: payloadWith(atReport(conversion), 'effective') };
  const decision = decide(event, sent, found, submission?.sentAt ?? new Date());
  if (decision.wouldBe !== 'reported') return undefined;
  const { customerEmail: _hash, ...report } = decision.report;
  return formOf(report);
}

/** Amounts that came after the report went to Impact by themselves. */
function atReport({ payload, adjustments = [], submission }: Conversion) {
  const before = adjustments.filter(
    ({ sentAt, requestedAt }) => !submission || (!sentAt && requestedAt <= submission.sentAt),
  );
  return { payload, adjustments: before };
}
