/** One way to get conversions to Impact. All of them are measured alike (measure.ts). */
export interface Contender {
  name: string;
  /** Makes the next jobs ready, so that only their work is timed. */
  prepare(count: number): Promise<Job[]>;
  /** Resolves when all that belongs to its jobs is done, such as the end of their workflows. */
  untilIdle(): Promise<void>;
  /** The time on a processor that each of its processes has taken. */
  cpuSeconds(): Record<string, number>;
}

export interface Job {
  orderId: string;
  /** Resolves when the client can go on. @returns from when on a user waits for the POST, on the clock of clock.ts */
  begin(): Promise<number>;
}
