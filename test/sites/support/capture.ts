/** Builds the package that the sites install, once for the whole run. */
export { buildCapture as setup } from '../../../dev/next-site.js';
