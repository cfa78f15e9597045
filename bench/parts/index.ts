import type { Part } from '../part.js';

/** By name, in the order in which `npm run bench` runs them. */
export const PARTS: Record<string, () => Promise<Part>> = {
  signup: async () => (await import('./signup.js')).signup,
  cli: async () => (await import('./cli.js')).cli,
  cost: async () => (await import('./cost.js')).cost,
};
