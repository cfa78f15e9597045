import { PermanentImpactError, RetryableImpactError } from '../../src/impact/errors.js';

/** What Impact does, for the fake clients of test/workflows/. */

export async function refuse(): Promise<never> {
  throw new PermanentImpactError(
    'impact_refused',
    'Impact refused the request (HTTP 400): ClickId: Unknown.',
    {
      httpStatus: 400,
      fields: [{ field: 'ClickId', message: 'Unknown' }],
    },
  );
}

export async function isUnavailable(): Promise<never> {
  throw new RetryableImpactError('impact_unavailable', 'HTTP 503', { httpStatus: 503, notTaken: true });
}

/** The request was written, and no answer came. */
export async function neverAnswers(): Promise<never> {
  throw new RetryableImpactError('impact_timeout', 'No answer.');
}

export const processing = async () => ({ state: 'processing' }) as const;

/** Impact turns a submission down, with codes of its own. */
export const rejects =
  (...errorReasons: string[]) =>
  async () =>
    ({ state: 'complete', errorReasons }) as const;
