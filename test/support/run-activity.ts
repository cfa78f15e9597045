import { MockActivityEnvironment } from '@temporalio/testing';
import { temporalLogger } from '../../src/temporal/runtime.js';
import { logger } from './runtime.js';

/** Runs an activity as a worker would, on its given attempt. */
export function runActivity<Args extends unknown[], Result>(
  activity: (...args: Args) => Promise<Result>,
  args: Args,
  attempt = 1,
): Promise<Result> {
  return new MockActivityEnvironment({ attempt }, { logger: temporalLogger(logger) }).run(activity, ...args);
}
