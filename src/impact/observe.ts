import type { Metrics } from '../metrics.js';
import { RetryableImpactError } from './errors.js';

/** One request to Impact and its outcome. */
export interface ImpactRequest {
  /** The first word of the path, such as `Conversions`. */
  resource: string;
  method: string;
  /** HTTP status, or the code of the error if there was no answer. */
  status: string;
  durationSeconds: number;
}

export type ObserveImpact = (request: ImpactRequest) => void;

export function observeImpact(metrics: Metrics): ObserveImpact {
  return ({ resource, method, status, durationSeconds }) => {
    metrics.impactRequests.inc({ resource, method, status });
    metrics.impactRequestSeconds.observe({ resource, method }, durationSeconds);
  };
}

/** Reports the exchange when it has ended, successful or not. */
export async function observed<T extends { httpStatus: number }>(
  observe: ObserveImpact,
  { path, method }: { path: string; method: string },
  exchange: () => Promise<T>,
): Promise<T> {
  const startedAt = performance.now();
  const report = (status: string) =>
    observe({
      resource: /^\/(\w+)/.exec(path)?.[1] ?? 'none',
      method,
      status,
      durationSeconds: (performance.now() - startedAt) / 1_000,
    });
  try {
    const answer = await exchange();
    report(String(answer.httpStatus));
    return answer;
  } catch (error) {
    report(error instanceof RetryableImpactError ? error.code : 'failed');
    throw error;
  }
}
