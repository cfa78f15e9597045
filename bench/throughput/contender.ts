import { monotonicMs } from './clock.js';
import { formOf } from './form.js';

/** One way to get conversions to Impact. All of them are measured alike (measure.ts). */
export interface Contender {
  name: string;
  /** Makes the next jobs ready, so that only their work is timed. */
  prepare(count: number): Promise<Job[]>;
  /** Resolves when nothing of its jobs is left to do: their workflows have ended, and their queue is empty. */
  untilIdle(): Promise<void>;
  /** The time on a processor that each of its processes has taken. */
  cpuSeconds(): Record<string, number>;
}

export type StartedContender = Contender & { stop(): Promise<void> };

/** A contender that runs with any number of workers. */
export type ScalableContender = StartedContender & {
  /** Starts or stops workers until there are so many. */
  setWorkers(count: number): Promise<void>;
};

export interface Job {
  orderId: string;
  /** Resolves when the client can go on. @returns when the time to the POST begins, on the clock of clock.ts */
  begin(): Promise<number>;
}

/**
 * `prepare` of a contender whose client only sends the form.
 * @param send resolves when the job is queued
 */
export function prepareJobs(prefix: string, send: (orderId: string, form: string) => Promise<unknown>) {
  let jobs = 0;
  const nextJob = (): Job => {
    jobs += 1;
    const orderId = `${prefix}-${jobs}`;
    const form = formOf(orderId);
    return {
      orderId,
      async begin() {
        const calledAt = monotonicMs();
        await send(orderId, form);
        return calledAt;
      },
    };
  };
  return async (count: number) => Array.from({ length: count }, nextJob);
}
