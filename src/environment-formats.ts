import { z } from 'zod';
import { SCOPES, type Scope } from './domain/scopes.js';

/** Formats of values in the environment that more than one line describes. */

export const list = z
  .string()
  .trim()
  .default('')
  .transform((value) => value.split(/\s*,\s*/).filter(Boolean));

/** Checks the protocol too: `localhost:3000` is a URL of the scheme "localhost". */
export const httpUrl = z.url({
  protocol: /^https?$/,
  error: 'must be a URL that begins with https:// or http://',
});

/** As browsers send it in `Origin`: an origin with a path or a trailing slash would never match. */
export const origins = list.refine((items) => items.every((item) => isOrigin(item)), {
  message: 'must be origins without a path, separated by commas',
});

/** One of them, of this service. */
export const origin = z.string().refine(isOrigin, {
  message: 'must be an origin without a path or a trailing slash',
});

/** Separated by spaces or commas. */
export const words = z
  .string()
  .transform((value) => value.split(/[\s,]+/).filter(Boolean))
  .refine((items) => items.length > 0, { message: 'must name at least one' });

/** Of one webhook endpoint. While its secret is rotated, the old one and the new one. */
export const stripeSecrets = list.refine((items) => items.every((item) => /^whsec_\S{6,}$/.test(item)), {
  message: 'must be signing secrets of a webhook endpoint, which begin with whsec_, separated by commas',
});

/** `azp` is an origin with Clerk, and a client's id with Auth0, Keycloak and most others. */
export const authorizedParties = list
  .refine((items) => items.length > 0, {
    message:
      'is missing: the origins of your sites (Clerk), or the client ids with which users sign in (other issuers), ' +
      'separated by commas; * accepts session tokens of any',
  })
  .refine((items) => items.length === 1 || !items.includes('*'), { message: '* stands alone' })
  .refine((items) => items.every((item) => isOrigin(item) || !item.includes('/')), {
    message: 'must have origins without a path or a trailing slash, or client ids',
  });

/** `mch_*` or `*@clients`: what comes before and after a machine's own part. */
export const machineSubjects = z.string().regex(/^([^\s,*|]+\*[^\s,*|]*|\*[^\s,*|]+)$/, {
  message: 'must have one * and other characters, such as mch_* or *@clients',
});

function isOrigin(item: string): boolean {
  return URL.canParse(item) && new URL(item).origin === item;
}

/** `mch_abc=conversions:publish conversions:read,mch_def=conversions:read` */
export const machineScopes = list.transform((entries, context): ReadonlyMap<string, readonly Scope[]> => {
  const machines = new Map<string, readonly Scope[]>();
  for (const entry of entries) {
    const [, subject, scopes = ''] = /^(\S+?)\s*=\s*([^=]*)$/.exec(entry) ?? [];
    const names = scopes.split(/\s+/).filter(Boolean);
    const unknown = names.filter((name) => !isScope(name));
    const fault = !subject
      ? `"${entry}" must be a subject and its scopes`
      : machines.has(subject)
        ? `names ${subject} twice`
        : unknown.length > 0 &&
          `grants ${subject} unknown scopes: ${unknown.join(', ')}. Known: ${SCOPES.join(', ')}`;
    if (fault) context.addIssue({ code: 'custom', message: fault });
    else machines.set(String(subject), names.filter(isScope));
  }
  return machines;
});

function isScope(name: string): name is Scope {
  return (SCOPES as readonly string[]).includes(name);
}

/**
 * Refuses `http:` in these variables, except to this machine and to the hosts of ALLOW_HTTP_HOSTS: everyone on the way
 * could read the credentials that go there, or answer with keys that sign any token.
 */
export function requireTls<Name extends string>(...names: readonly Name[]) {
  return (
    env: { ALLOW_HTTP_HOSTS: readonly string[] } & { [name in Name]?: string | undefined },
    context: z.RefinementCtx,
  ) => {
    for (const name of names) {
      const address: string | undefined = env[name];
      if (address === undefined || !URL.canParse(address)) continue;
      const { protocol, hostname } = new URL(address);
      if (protocol !== 'http:' || isLoopback(hostname) || env.ALLOW_HTTP_HOSTS.includes(hostname)) continue;
      const message =
        `must begin with https://. http:// is for this machine; if the network to ${hostname} ` +
        'is trusted, name the host in ALLOW_HTTP_HOSTS';
      context.addIssue({ code: 'custom', path: [name], message });
    }
  };
}

/** What the console needs. Without all of them it is off; some of them alone are a mistake. */
const CONSOLE = ['CONSOLE_ISSUER', 'CONSOLE_CLIENT_ID', 'CONSOLE_CLIENT_SECRET', 'CONSOLE_URL'] as const;
const MIN_CLIENT_SECRET = 16;

export function requireWholeConsole(
  env: { [name in (typeof CONSOLE)[number]]?: string | undefined },
  context: z.RefinementCtx,
): void {
  const missing = CONSOLE.filter((name) => env[name] === undefined);
  const refuse = (name: string, message: string) =>
    context.addIssue({ code: 'custom', path: [name], message });
  if (missing.length < CONSOLE.length) {
    const together = `is missing: the console needs ${CONSOLE.join(', ')}, or none of them`;
    for (const name of missing) refuse(name, together);
  }
  // The keys of sessions are made of it.
  if (env.CONSOLE_CLIENT_SECRET && env.CONSOLE_CLIENT_SECRET.length < MIN_CLIENT_SECRET)
    refuse('CONSOLE_CLIENT_SECRET', `must have at least ${MIN_CLIENT_SECRET} characters`);
}

function isLoopback(hostname: string): boolean {
  return /^(127(\.\d+){3}|\[::1\]|(.+\.)?localhost)$/.test(hostname);
}
