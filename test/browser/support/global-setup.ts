import type { TestProject } from 'vitest/node';
import { buildSite } from '../../../examples/nextjs/site.js';
import setUpService from '../../support/global-setup.js';

/** Sets up the servers that the service needs, and builds the example site for production, once for the whole run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [tearDown] = await Promise.all([setUpService(project), buildSite()]);
  return tearDown;
}
