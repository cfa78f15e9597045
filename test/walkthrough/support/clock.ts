export type Clock = ReturnType<typeof createClock>;

/** Measures the steps of this run, and writes one line for each into the document. */
export function createClock() {
  const begun = new Date();
  const starts = new Map<string, number>();
  const lines = [begun.toISOString()];
  return {
    day: begun.toISOString().slice(0, 10),
    lines,
    start: (name: string) => void starts.set(name, performance.now()),
    lap(name: string, what: string): void {
      const seconds = Math.round((performance.now() - (starts.get(name) ?? Number.NaN)) / 1_000);
      lines.push(`${String(seconds).padStart(4)} s after ${name}: ${what}`);
    },
  };
}
