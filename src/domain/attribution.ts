import { CLOCK_SKEW_MS } from './clock-skew.js';
import type { AttributionPolicy } from './programme/schema.js';

/**
 * A click id is opaque and case-sensitive, and is kept byte for byte from the URL to Impact. Impact allows 64 characters.
 * Real ids contain letters, digits, `:`, `-` and `_`; Impact documents no alphabet. So we accept all characters that RFC
 * 6265 allows in a cookie (`cookie-octet`). Of printable ASCII, it excludes the space, which HTTP strips from the end of a
 * header, the comma, with which a proxy joins two headers, and `"`, `;` and the backslash. A macro that a partner's link did not
 * replace, such as `{clickid}`, is no click. `capture/src/click-id.ts` has the same rules.
 * https://integrations.impact.com/impact-brand/reference/the-conversion-object
 */
export const CLICK_ID_PATTERN =
  /^(?!(?:\$?\{.*\}|\[.*\]|%%.*%%|__[A-Z0-9_]+__)$)[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]{1,64}$/;

/** `CLICK_ID_PATTERN` in words. */
export const CLICK_ID_RULE =
  '1 to 64 printable ASCII characters without space, comma, semicolon, double quote and backslash, ' +
  'and no unreplaced macro such as {clickid}';

/** The header in which a website's server forwards the visitor's click id. */
export const CLICK_ID_HEADER = 'X-Affiliate-Click-Id';

export function isClickId(value: unknown): value is string {
  return typeof value === 'string' && CLICK_ID_PATTERN.test(value);
}

/** The click that a conversion is credited to. */
export interface Attribution {
  /** The affiliate network whose click it is. */
  provider: 'impact';
  clickId: string;
  /** When this service learned of it, which is later than the click. */
  capturedAt: Date;
}

/** A click that brought a user. */
export interface Click extends Attribution {
  /** When the visitor landed, by the visitor's own clock, if a client said so. */
  clickedAt?: Date;
}

export function impactClick(clickId: string, capturedAt: Date, clickedAt?: Date): Click {
  return { provider: 'impact', clickId, capturedAt, ...(clickedAt ? { clickedAt } : {}) };
}

/** How many clicks a user keeps, so that a sale reported late finds the click that held when it happened. */
export const ATTRIBUTION_HISTORY_LENGTH = 20;

/** The clicks of a user, oldest first: the very first one, and the newest. */
export interface Clicks {
  clicks: readonly Click[];
  /** There were more between the first and the second of them. */
  hasGap?: boolean | undefined;
}

/**
 * The earliest event that may belong to a click: five minutes before its capture. This service learns of a click after it,
 * clocks differ, and payment providers cut times to whole seconds. A visitor's clock that puts the landing later counts.
 */
export function earliestEventOf({ capturedAt, clickedAt }: Click): Date {
  const earliest = capturedAt.getTime() - CLOCK_SKEW_MS;
  const landedAt = Math.min(clickedAt?.getTime() ?? earliest, capturedAt.getTime());
  return new Date(Math.max(earliest, landedAt));
}

/** Of a user whom this service does not know yet. */
export const UNKNOWN_USER = { attribution: null, reason: 'user_not_found' } as const;

export type FoundAttribution = ReturnType<typeof attributionAt> | typeof UNKNOWN_USER;

/** The click that held when an event happened, as a conversion keeps it. */
export function attributionAt(known: Clicks, occurredAt: Date, policy: AttributionPolicy) {
  const { click, rule } = clickAt(known, occurredAt, policy);
  if (!click) return { attribution: null, reason: rule };
  const { provider, clickId, capturedAt } = click;
  return { attribution: { provider, clickId, capturedAt } satisfies Attribution };
}

/**
 * The click that held when an event happened, and the rule that says so: the last one before it, or the very first one.
 * Where there was none yet, the next one holds if the event may belong to it. A click that held is never replaced by a
 * later one, so the result does not depend on whether the event or the click is reported first.
 */
export function clickAt({ clicks, hasGap = false }: Clicks, occurredAt: Date, policy: AttributionPolicy) {
  const [first] = clicks;
  if (!first) return { click: null, rule: 'no_attribution' } as const;
  const before = clicks.filter(({ capturedAt }) => capturedAt <= occurredAt);
  const held = policy === 'first_click' ? before[0] : before.at(-1);
  if (held === first && policy === 'last_click' && hasGap)
    return { click: null, rule: 'click_history_too_short' } as const;
  const next = policy === 'first_click' ? [first] : clicks;
  if (held) return { click: held, rule: policy };
  const found = next.find((click) => earliestEventOf(click) <= occurredAt);
  return found
    ? ({ click: found, rule: 'click_soon_after' } as const)
    : ({ click: null, rule: 'click_after_event' } as const);
}
