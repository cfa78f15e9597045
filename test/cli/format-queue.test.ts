import { describe, expect, it } from 'vitest';
import { describeQueue, formatDuration, formatEstimate, formatRate } from '../../src/cli/format-queue.js';
import { estimateReports } from '../../src/operations/estimate-reports.js';
import type { QueueRate } from '../../src/temporal/queue-rate.js';

const queue: QueueRate = {
  taskQueue: 'impact',
  requestsPerSecond: 10,
  setBy: 'workers',
  paused: false,
  backlog: 0,
  workers: 2,
};
const paused: QueueRate = {
  ...queue,
  requestsPerSecond: 0,
  setBy: 'operator',
  paused: true,
  change: { by: 'kim', at: new Date('2026-11-23T12:00:00Z'), reason: 'Impact is down' },
};

const estimate = (count: number, of: QueueRate) => formatEstimate(estimateReports(count, count, of));

describe('a description of a queue', () => {
  it('has its limit, and who set it', () => {
    expect(describeQueue(queue)).toBe('impact: at most 10 a second, as the workers ask; about 0 waiting');
  });

  it('says who paused the queue, when and why', () => {
    expect(describeQueue(paused)).toBe(
      'impact: PAUSED, set by kim at 2026-11-23T12:00:00.000Z (Impact is down); about 0 waiting',
    );
  });

  it('has no limit of the queue of workflows', () => {
    expect(describeQueue({ ...queue, taskQueue: 'conversions', setBy: 'none', workers: 0 })).toBe(
      'conversions: about 0 waiting; and no worker listens',
    );
  });

  it('says that no worker listens', () => {
    expect(describeQueue({ ...queue, setBy: 'none', workers: 0 })).toBe(
      'impact: no limit known; about 0 waiting; and no worker listens',
    );
  });

  it.each([
    [10, '10 a second'],
    [1_000 / 3_600, '1000 an hour'],
    [0.5, '1800 an hour'],
  ])('has a rate that people can read: %f', (rate, words) => {
    expect(formatRate(rate)).toBe(words);
  });

  it.each([
    [0.2, '1 s'],
    [89.2, '90 s'],
    [91, '2 min'],
    [7_200, '2 h'],
  ])('rounds a lower bound up: %f', (seconds, words) => {
    expect(formatDuration(seconds)).toBe(words);
  });
});

describe('the estimate', () => {
  it('is the count at the permitted rate', () => {
    expect(estimate(3_000, queue)).toBe('At 10 a second that takes at least 5 min.');
  });

  it('includes the tasks that wait already', () => {
    expect(estimate(100, { ...queue, backlog: 500 })).toBe(
      'At 10 a second that takes at least 60 s, behind the 500 that wait already.',
    );
  });

  it('is no shorter than the signals take', () => {
    expect(estimate(3_000, { ...queue, requestsPerSecond: 1_000 })).toBe(
      'At 1000 a second that takes at least 60 s.',
    );
  });

  it('names what conversions wait for while none can be sent', () => {
    expect(estimate(5, paused)).toBe('Reporting is paused: they wait until `resume`.');
    expect(estimate(5, { ...queue, workers: 0 })).toBe('No worker listens: they wait until one runs.');
  });
});
