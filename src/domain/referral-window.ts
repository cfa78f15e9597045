const SECONDS_PER_DAY = 86_400;

export type ReferralWindowCheck = ReturnType<typeof checkReferralWindow>;

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
