import { describe, expect, it } from 'vitest';
import { createClock, STEP } from '../../../dev/week/clock.js';
import { metricsOfAlerts, toSample } from '../../../dev/week/samples.js';

const SECOND = 1_000;
/** The first step began at 1,000 s of the wall's clock, and the second one 2 s later. */
const clock = createClock();
clock.beginStep(1_000 * SECOND);
clock.beginStep(1_002 * SECOND);

const NOW = 1_003 * SECOND;
const TARGET = 'instance="affiliate-worker",job="affiliate-worker"';
const sampleOf = (page: string | undefined, at = NOW) =>
  toSample([{ job: 'affiliate-worker', page, at }], metricsOfAlerts(), clock);

describe('a sample', () => {
  it('has the series that the alerts ask for, with the labels of the target, and no other', () => {
    const page =
      '# HELP\nnodejs_version 20\naffiliate_parked_conversions{kind="conversion",reason="x y"} 2\n';
    expect(sampleOf(page)).toEqual(
      new Map([
        [`up{${TARGET}}`, 1],
        [`affiliate_parked_conversions{kind="conversion",reason="x y",${TARGET}}`, 2],
      ]),
    );
  });

  it('says that a process which does not answer is down', () => {
    expect(sampleOf(undefined)).toEqual(new Map([[`up{${TARGET}}`, 0]]));
  });

  it.each([
    ['a second within the step', 0.5, 0.5],
    ['since the beginning of the step before', 3, STEP + 1],
    ['not at all', 0, 0],
  ])('has a wait in time of the week: %s', (_, seconds, expected) => {
    const labels = 'kind="conversion",status="pending"';
    const sample = sampleOf(`affiliate_oldest_waiting_seconds{${labels}} ${seconds}`);
    expect(sample.get(`affiliate_oldest_waiting_seconds{${labels},${TARGET}}`)).toBeCloseTo(expected);
  });

  it('has the time of an audit as a moment of the week, and keys that are as old as on the wall', () => {
    const page =
      'affiliate_audit_timestamp_seconds 1001\naffiliate_issuer_keys_timestamp_seconds{issuer="x"} 1001';
    const sample = sampleOf(page);
    expect(sample.get(`affiliate_audit_timestamp_seconds{${TARGET}}`)).toBe(1);
    expect(sample.get(`affiliate_issuer_keys_timestamp_seconds{issuer="x",${TARGET}}`)).toBe(STEP + 1 - 2);
  });
});
