export {
  type AffiliateClient,
  type AffiliateClientOptions,
  createAffiliateClient,
  type TokenSource,
} from './client.js';
export { AffiliateError, dataOf, type Problem } from './problem.js';
export type { RetryOptions } from './retry.js';
export type { components, operations, paths } from './schema.js';
