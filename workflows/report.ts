import { proxyActivities, proxyLocalActivities, sleep } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import { inWords } from '../src/domain/duration.js';
import { LONGEST_LOOK_UP_WAIT_MS, LOOK_UP } from '../src/domain/impact-times.js';
import type { Progress, Step } from '../src/domain/next-step.js';
import { StepFailed } from './failure.js';
import { increasingWaitsMs, LEDGER, LOOKING_UP, SENDING } from './options.js';
import { type Run, record } from './until-done.js';
import { untilParentIsThere } from './wait-for-parent.js';

type ReportStep = Extract<Step, { kind: 'report' }>;

const { checkReferralWindow } = proxyLocalActivities<Activities>(LEDGER);
const { reportConversion } = proxyActivities<Activities>(SENDING);
const { findOrder } = proxyActivities<Activities>(LOOKING_UP);

/** Reports a conversion to Impact, unless there is nothing to report. */
export async function report(run: Run, step: ReportStep): Promise<Progress> {
  if (step.isErased) return send(run, step);
  // Impact credits the partner who has the promo code, with or without a click.
  if (step.hasPromoCode) return sendInTurn(run, step);
  if (!step.attribution) return record(run, step, { status: 'skipped', reason: 'no_attribution' });
  const { inside, detail } = await checkReferralWindow(step.attribution);
  if (!inside) return record(run, step, { status: 'skipped', reason: 'outside_referral_window', detail });
  return sendInTurn(run, step);
}

async function sendInTurn(run: Run, step: ReportStep): Promise<Progress> {
  if (!step.after) return send(run, step);
  const progress = await untilParentIsThere(run);
  return progress.next?.kind === 'report' ? send(run, step) : progress;
}

/** A conversion that may have arrived is looked up at Impact before it is sent again. */
async function send(run: Run, step: ReportStep): Promise<Progress> {
  const { conversionId, page } = run;
  let lookedUpAt: string | undefined;
  let waitsMs: number[] | undefined;
  for (;;) {
    const result = await reportConversion(conversionId, lookedUpAt);
    if (result.outcome === 'recorded') return result.progress;
    if (result.outcome === 'not_recorded')
      return record(run, step, { status: 'submitted', queuedUri: result.queuedUri });
    // A result of an old worker is without times.
    const { reason, detail, lookUp = LOOK_UP } = result;
    waitsMs ??= increasingWaitsMs(lookUp, LONGEST_LOOK_UP_WAIT_MS);
    const waitMs = waitsMs.shift() ?? 0;
    const lookUpAt = new Date(Date.now() + waitMs).toISOString();
    const next = `The worker looks it up at Impact at ${lookUpAt}, before it sends it again.`;
    page.show({ status: 'reporting', reason, detail: `${detail} ${next}` });
    await sleep(waitMs, { summary: 'until Impact has had time to process it' });
    const order = await findOrder(conversionId);
    if (order.found) return order.progress;
    if (waitsMs.length === 0)
      throw new StepFailed({
        reason,
        message: `${detail} The same happened for ${inWords(lookUp.withinMs)}.`,
      });
    lookedUpAt = order.lookedUpAt;
  }
}
