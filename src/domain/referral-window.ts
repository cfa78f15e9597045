const SECONDS_PER_DAY = 86_400;

export type ReferralWindowCheck = ReturnType<typeof checkReferralWindow>;

/** The times of a conversion's referral window. */
export interface ReferralWindow {
  capturedAt: Date;
  occurredAt: Date;
  /** `null`: this service checks no window, and Impact's contract alone decides. */
  windowDays: number | null;
  closesAt?: Date;
  isInside: boolean;
}

export function referralWindow(
  capturedAt: Date,
  occurredAt: Date,
  referralWindowDays: number | null,
): ReferralWindow {
  const { inside: isInside } = checkReferralWindow({ capturedAt, occurredAt, referralWindowDays });
  const times = { capturedAt, occurredAt, windowDays: referralWindowDays };
  if (referralWindowDays === null) return { ...times, isInside };
  const closesAt = new Date(capturedAt.getTime() + referralWindowDays * SECONDS_PER_DAY * 1_000);
  return { ...times, closesAt, isInside };
}

/** Whether the event happened within `referralWindowDays` of the click; the last second counts as inside. */
export function checkReferralWindow(input: {
  capturedAt: Date;
  occurredAt: Date;
  /** `null`: Impact's contract alone decides. */
  referralWindowDays: number | null;
}) {
  const times = `Click captured ${input.capturedAt.toISOString()}, event ${input.occurredAt.toISOString()}`;
  if (input.referralWindowDays === null)
    return { inside: true, detail: `${times}: this event has no window here, as Impact's contract decides.` };
  const elapsedSeconds = Math.floor((input.occurredAt.getTime() - input.capturedAt.getTime()) / 1000);
  const windowSeconds = input.referralWindowDays * SECONDS_PER_DAY;
  const excess = elapsedSeconds - windowSeconds;
  const inside = excess <= 0;
  const verdict = inside ? `${-excess} s before` : `${excess} s after`;
  return {
    inside,
    /** The arithmetic in words, to the second: the answer to "why was this one not tracked?". */
    detail: `${times}: ${elapsedSeconds} s later, ${verdict} the ${input.referralWindowDays}-day window (${windowSeconds} s) closed.`,
  };
}
