import type { NextRequest } from 'next/server.js';
import { getPublicSuffix } from 'tldts';

/** Only the proxy imports this file: the list of public suffixes is too large for a browser, which has its own. */

/** The domain that the cookie can have on the request's host. A browser would drop a cookie with any other. */
export function domainOn(request: NextRequest, domain: string | undefined): string | undefined {
  if (domain === undefined || isPublicSuffix(domain)) return undefined;
  const hosts = hostsOf(request);
  const isOwn = hosts.some((host) => `.${host}`.endsWith(`.${domain.toLowerCase()}`));
  if (isOwn) return domain;
  warnOnce(
    domain,
    `the host ${hosts[0]} is not under the domain ${domain}, so the cookie is for this host only. On a preview, nothing is ` +
      'wrong. Otherwise correct `domain`, or let your reverse proxy forward the Host header, or send X-Forwarded-Host.',
  );
  return undefined;
}

export function warnOfPublicSuffix(domain: string | undefined): void {
  if (domain === undefined || !isPublicSuffix(domain)) return;
  warnOnce(
    domain,
    `browsers store no cookie for the domain ${domain}, because its subdomains belong to different owners, so the cookie is ` +
      `for one host only. Set \`domain\` to your own domain, such as example.${domain}, or omit it.`,
  );
}

function isPublicSuffix(domain: string): boolean {
  return getPublicSuffix(domain, { allowPrivateDomains: true }) === domain.toLowerCase();
}

/** Next.js puts the host on which its server listens into the URL, so the visitor's is in the headers only. */
function hostsOf({ headers, nextUrl }: NextRequest): string[] {
  const named = [headers.get('x-forwarded-host'), headers.get('host'), nextUrl.host];
  return named
    .flatMap((hosts) => hosts?.split(',') ?? [])
    .map((host) => host.trim().toLowerCase().replace(/:\d+$/, ''));
}

const warned = new Set<string>();

/** Once for each domain: a visitor chooses the Host header. */
function warnOnce(domain: string, message: string): void {
  if (warned.has(domain)) return;
  warned.add(domain);
  console.warn(`affiliate-capture: ${message}`);
}
