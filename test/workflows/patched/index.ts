import { ExampleWorkflow as after } from './after.js';
import { ExampleWorkflow as before } from './before.js';
import { ExampleWorkflow as careless } from './careless.js';

const VERSIONS = { before, after, careless };

export type Version = keyof typeof VERSIONS;

/** The test puts the version in place of this name: a bundle for each version would take seconds. */
declare const VERSION_OF_THE_WORKER: Version;

export const ExampleWorkflow = VERSIONS[VERSION_OF_THE_WORKER];
