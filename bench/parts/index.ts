import type { Part } from '../part.js';

/** By name, in the order in which `npm run bench` runs them. */
export const PARTS: Record<string, () => Promise<Part>> = {
  cli: async () => (await import('./cli.js')).cli,
  growth: async () => (await import('./growth.js')).growth,
  audit: async () => (await import('./audit.js')).audit,
  'retry-all': async () => (await import('./retry-all.js')).retryAll,
};
