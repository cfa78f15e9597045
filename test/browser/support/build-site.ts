/** Builds the example site for production, once for the whole run. */
export { buildSite as setup } from '../../../examples/nextjs/site.js';
