export type Clock = ReturnType<typeof createClock>;

/** The time at Impact. Nothing in the sandbox waits for it: what is due is worked out when somebody looks. */
export function createClock(now: () => number) {
  let aheadMs = 0;
  return {
    now: () => now() + aheadMs,
    advance(ms: number): void {
      aheadMs += ms;
    },
  };
}
