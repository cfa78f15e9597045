import { ApplicationFailure } from '@temporalio/common';
import { expect, it } from 'vitest';
import type { ActivityDeps } from '../../activities/deps.js';
import { createActivities } from '../../activities/index.js';
import { DomainError, type ErrorCode } from '../../src/domain/errors.js';
import { defaultProgramme as programme } from '../../src/domain/programme/default-programme.js';

const LOADED = {
  campaignEventId: 'signup',
  capturedAt: '2026-11-01T00:00:00.000Z',
  occurredAt: '2026-11-02T00:00:00.000Z',
};

/** How Temporal sees an activity that ends with this code. */
async function failureWith(code: ErrorCode): Promise<unknown> {
  const get = () => {
    throw new DomainError(code, 'refused');
  };
  const deps = { programme: { ...programme, get } } as unknown as ActivityDeps;
  return createActivities(deps)
    .checkReferralWindow(LOADED)
    .catch((error: unknown) => error);
}

it.each(['concurrent_update', 'database_unavailable'] as const)(
  'an activity that ends with %s is tried again, because others were only faster',
  async (code) => {
    const failure = await failureWith(code);
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({ type: code, nonRetryable: false });
  },
);

it.each(['unknown_campaign_event', 'conversion_not_found'] as const)(
  'an activity that ends with %s is not tried again',
  async (code) => {
    expect(await failureWith(code)).toMatchObject({ type: code, nonRetryable: true });
  },
);
