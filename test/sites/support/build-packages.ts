/** Builds the packages that the sites install, once for the whole run. */
export { buildPackages as setup } from '../../../dev/next-site.js';
