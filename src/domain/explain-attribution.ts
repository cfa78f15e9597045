import {
  ATTRIBUTION_HISTORY_LENGTH,
  type Attribution,
  type Clicks,
  clickAt,
  earliestEventOf,
} from './attribution.js';
import { type Conversion, isHeld } from './conversion.js';
import { inWords } from './duration.js';
import { erasedText } from './erasure.js';
import type { AttributionPolicy } from './programme/schema.js';

/** The codes are stable. */
export const ATTRIBUTION_CODES = [
  'last_click',
  'first_click',
  'click_soon_after',
  'click_after_event',
  'click_history_too_short',
  'no_attribution',
  'user_not_found',
  'order_not_found',
  'user_erased',
  'as_recorded',
] as const;

export interface AttributionReason {
  code: (typeof ATTRIBUTION_CODES)[number];
  /** Plain English, with the clicks and their times. */
  text: string;
}

type Explained = Pick<Conversion, 'attribution' | 'occurredAt' | 'status' | 'reason' | 'erasedAt'>;

/**
 * Why a conversion has the click that it has, or none. It keeps the click that it was recorded with, and the clicks that are
 * known now may say another one: the programme changed its rule, or the click is not kept any more.
 */
export function explainAttribution(
  known: Clicks,
  conversion: Explained,
  policy: AttributionPolicy,
): AttributionReason {
  const { attribution, occurredAt, erasedAt } = conversion;
  if (erasedAt)
    return { code: 'user_erased', text: `${erasedText(erasedAt)} The click, if there was one, is not kept.` };
  if (isHeld(conversion)) return explainHeld(conversion);
  const now = clickAt(known, occurredAt, policy);
  const text = textOf(now, known, occurredAt);
  if (isSame(attribution, now.click)) return { code: now.rule, text };
  const recorded = attribution ? `with ${named(attribution)}` : 'without a click';
  return {
    code: 'as_recorded',
    text: `It was recorded ${recorded}, and keeps that. The clicks that are known now say: ${text}`,
  };
}

function explainHeld({ reason }: Explained): AttributionReason {
  if (reason === 'user_not_found')
    return {
      code: reason,
      text: 'It was published before this service knew the user, and is held: its click is not chosen yet.',
    };
  return {
    code: 'order_not_found',
    text: 'Only a refund or a new amount of it has come: its click is chosen when its order comes.',
  };
}

function isSame(recorded: Attribution | null, click: Attribution | null): boolean {
  return (
    recorded?.clickId === click?.clickId && recorded?.capturedAt.getTime() === click?.capturedAt.getTime()
  );
}

type Rule = ReturnType<typeof clickAt>;

function textOf({ click, rule }: Rule, { clicks }: Clicks, occurredAt: Date): string {
  const event = `the event at ${occurredAt.toISOString()}`;
  const before = clicks.filter((other) => other !== click && other.capturedAt <= occurredAt);
  const after = clicks.filter((other) => other !== click && other.capturedAt > occurredAt);
  const later = after.length > 0 ? [`After the event came ${list(after)}.`] : [];
  switch (rule) {
    case 'last_click': {
      const replaced =
        before.length > 0 ? [`It replaced ${list(before.toReversed())}, as the last click wins.`] : [];
      return [`The last click before ${event} is ${named(click)}.`, ...replaced, ...later].join(' ');
    }
    case 'first_click': {
      const ignored = before.length > 0 ? [`The first click wins over ${list(before)}.`] : [];
      return [`The first click before ${event} is ${named(click)}.`, ...ignored, ...later].join(' ');
    }
    case 'click_soon_after': {
      const delay = inWords(click.capturedAt.getTime() - occurredAt.getTime());
      const why = 'a capture may be up to five minutes late';
      return `No click came before ${event}. The next one came ${delay} later, ${named(click)}: ${why}.`;
    }
    case 'click_after_event': {
      const [first] = clicks;
      const since = first && ` It counts for events from ${earliestEventOf(first).toISOString()} on.`;
      return `No click came before ${event}. The next one is ${first && named(first)}.${since}`;
    }
    case 'click_history_too_short':
      return `The last click before ${event} is not known any more: of more than ${ATTRIBUTION_HISTORY_LENGTH} clicks of the user, this service keeps the first one and the last ${ATTRIBUTION_HISTORY_LENGTH - 1}.`;
    case 'no_attribution':
      return 'The user came with no click.';
  }
}

function named({ clickId, capturedAt }: Attribution): string {
  return `click ${clickId} (captured ${capturedAt.toISOString()})`;
}

const MAX_NAMED = 3;

/** The first ones by name, and the number of the others. */
function list(clicks: readonly Attribution[]): string {
  const left = clicks.length - MAX_NAMED;
  return clicks.slice(0, MAX_NAMED).map(named).join(', ') + (left > 0 ? ` and ${left} more` : '');
}
