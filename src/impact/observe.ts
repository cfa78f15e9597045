import type { Metrics } from '../metrics.js';

/** Reports one request to Impact when it has ended, successful or not. */
export type ObserveImpact = (request: {
  /** The first word of the path, such as `Conversions`. */
  resource: string;
  method: string;
  /** HTTP status, or the code of the error if there was no answer. */
  status: string;
  durationSeconds: number;
}) => void;

export function observeImpact(metrics: Metrics): ObserveImpact {
  return ({ resource, method, status, durationSeconds }) => {
    metrics.impactRequests.inc({ resource, method, status });
    metrics.impactRequestSeconds.observe({ resource, method }, durationSeconds);
  };
}
