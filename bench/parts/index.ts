import type { Part } from '../part.js';

/** By name, in the order in which `npm run bench` runs them. */
export const PARTS: Record<string, () => Promise<Part>> = {
  signup: async () => (await import('./signup.js')).signup,
  backlog: async () => (await import('./backlog.js')).backlog,
  sales: async () => (await import('./sales.js')).sales,
  throughput: async () => (await import('./throughput.js')).throughput,
  peers: async () => (await import('./peers.js')).peers,
  cost: async () => (await import('./cost.js')).cost,
  memory: async () => (await import('./memory.js')).memory,
  growth: async () => (await import('./growth.js')).growth,
  audit: async () => (await import('./audit.js')).audit,
  'retry-all': async () => (await import('./retry-all.js')).retryAll,
  cli: async () => (await import('./cli.js')).cli,
};
