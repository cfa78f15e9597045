import { checkReferralWindow } from '../../activities/check-referral-window.js';
import type { Activities } from '../../activities/index.js';
import type { Programme } from '../../src/domain/programme/programme.js';

/** Each test has activities of its own, found by the conversion id: the first argument of all but one. */
export function byConversion(
  programme: Programme,
  of: (conversionId: string) => Promise<Activities>,
): Activities {
  return {
    loadAttribution: async (id, ...args) => (await of(id)).loadAttribution(id, ...args),
    checkReferralWindow: (loaded) => checkReferralWindow({ programme }, loaded),
    checkParent: async (id) => (await of(id)).checkParent(id),
    reportConversion: async (id, ...args) => (await of(id)).reportConversion(id, ...args),
    findOrder: async (id) => (await of(id)).findOrder(id),
    confirmSubmission: async (id, ...args) => (await of(id)).confirmSubmission(id, ...args),
    sendAdjustment: async (id, ...args) => (await of(id)).sendAdjustment(id, ...args),
    examineAction: async (id, ...args) => (await of(id)).examineAction(id, ...args),
    recordStep: async (id, ...args) => (await of(id)).recordStep(id, ...args),
  };
}
