import type { TestProject } from 'vitest/node';
import { buildSite } from '../../../examples/nextjs/site.js';
import setUpService from '../../support/global-setup.js';

/** What the service needs, and the example as it is in production: one build for the whole run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await buildSite();
  return setUpService(project);
}
