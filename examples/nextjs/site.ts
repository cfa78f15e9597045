import { fileURLToPath } from 'node:url';
import { buildNextSite, buildPackages, type NextSite, startNextSite } from '../../dev/next-site.js';

/** Builds and starts this site, for `npm run example` and for the tests in a browser. */

const SITE = fileURLToPath(new URL('.', import.meta.url));

export interface SiteOptions extends Pick<NextSite, 'command' | 'port' | 'onLine'> {
  apiUrl: string;
  issuerUrl: string;
  issuerKeyFile: string;
}

export function startSite({ apiUrl, issuerUrl, issuerKeyFile, ...options }: SiteOptions) {
  const env = { API_URL: apiUrl, ISSUER_URL: issuerUrl, ISSUER_KEY_FILE: issuerKeyFile };
  return startNextSite({ ...options, directory: SITE, readyPath: '/pricing', env });
}

export async function buildSite(): Promise<void> {
  await buildPackages();
  await buildNextSite(SITE);
}
