/**
 * A click id is opaque and case-sensitive, and is kept byte for byte from the URL to Impact. Impact allows 64 characters.
 * Real ids contain letters, digits, `:`, `-` and `_`; Impact documents no alphabet. So we accept all characters that RFC
 * 6265 allows in a cookie (`cookie-octet`). Of printable ASCII, it excludes the space, which HTTP strips from the end of a
 * header, the comma, with which a proxy joins two headers, and `"`, `;` and the backslash. `capture/src/click-id.ts` has the
 * same rule. https://integrations.impact.com/impact-brand/reference/the-conversion-object
 */
export const CLICK_ID_PATTERN = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]{1,64}$/;

/** `CLICK_ID_PATTERN` in words. */
export const CLICK_ID_RULE =
  '1 to 64 printable ASCII characters without space, comma, semicolon, double quote and backslash';

/** The header in which a website's server forwards the visitor's click id. */
export const CLICK_ID_HEADER = 'X-Affiliate-Click-Id';

export function isClickId(value: unknown): value is string {
  return typeof value === 'string' && CLICK_ID_PATTERN.test(value);
}

/** A click that brought a user, and when this service learned of it. */
export interface Attribution {
  /** The affiliate network whose click it is. */
  provider: 'impact';
  clickId: string;
  capturedAt: Date;
}

export function impactClick(clickId: string, capturedAt: Date): Attribution {
  return { provider: 'impact', clickId, capturedAt };
}

/** How many clicks a user keeps, so that a sale reported late finds the click that held when it happened. */
export const ATTRIBUTION_HISTORY_LENGTH = 20;

/** Of a user whom this service does not know yet. */
export const UNKNOWN_USER = { attribution: null, reason: 'user_not_found' } as const;

export type FoundAttribution = ReturnType<typeof attributionAt> | typeof UNKNOWN_USER;

/**
 * Last click wins, among the clicks captured at or before `occurredAt`. `history` may be in any order.
 * @param firstClickAt when the first click came, if `history` no longer has it
 */
export function attributionAt(history: readonly Attribution[], occurredAt: Date, firstClickAt?: Date) {
  if (history.length === 0) return { attribution: null, reason: 'no_attribution' } as const;
  const newest = history
    .filter((click) => click.capturedAt <= occurredAt)
    .reduce<Attribution | null>(
      (last, click) => (last && last.capturedAt > click.capturedAt ? last : click),
      null,
    );
  if (newest) return { attribution: newest };
  const isForgotten = firstClickAt !== undefined && firstClickAt <= occurredAt;
  return {
    attribution: null,
    reason: isForgotten ? 'click_history_too_short' : 'click_after_event',
  } as const;
}
