/** The part of a URL that holds the click id. */
export interface ParamOptions {
  /** The query parameter that holds the click id, or a list; the first with a click id counts. Default: `im_ref`. */
  param?: string | readonly string[] | undefined;
}

/** Attributes of the cookie. */
export interface CookieOptions {
  /** The domain whose subdomains share the cookie, such as `example.com`. Default: this host only. */
  domain?: string | undefined;
  /** Restricts the cookie to https. Default: the protocol of the page's URL decides, where the URL is known. */
  secure?: boolean | undefined;
}

const isFunction = (value: unknown) => typeof value === 'function';
const isBoolean = (value: unknown) => typeof value === 'boolean';
const isHostName = (value: unknown) => typeof value === 'string' && /^[\w-]+(\.[\w-]+)*$/.test(value);
const isParam = (value: unknown) =>
  [value].flat().length > 0 && [value].flat().every((name) => typeof name === 'string' && name);

const OPTIONS: Record<string, [isRight: (value: unknown) => unknown, kind: string]> = {
  param: [isParam, 'the name of a query parameter, or a list of names'],
  domain: [isHostName, 'a host name such as example.com'],
  secure: [isBoolean, 'true or false'],
  consent: [isFunction, 'a function that returns true or false'],
  onIgnored: [isFunction, 'a function'],
  isSignedIn: [isBoolean, 'true or false'],
  setAffiliateAttribution: [isFunction, 'a function'],
};

/** @throws TypeError that names the invalid option and the values that it accepts */
export function checkOptions(options: object): void {
  for (const [name, value] of Object.entries(options)) {
    if (!OPTIONS[name]) fail(`there is no option "${name}", only ${Object.keys(OPTIONS).join(', ')}`);
    const [isRight, kind] = OPTIONS[name];
    if (value !== undefined && !isRight(value)) fail(`${name} must be ${kind}`);
  }
}

function fail(message: string): never {
  throw new TypeError(`affiliate-capture: ${message}.`);
}

declare const process: { env: { NODE_ENV?: string } } | undefined;

/** Production bundles for browsers omit both functions: esbuild can tell from this condition that it is always false. */
export function checkInDevelopment(options: object): void {
  if (typeof process === 'object' ? process.env.NODE_ENV !== 'production' : false) checkOptions(options);
}

export function warnOfDomainInDevelopment(domain: string, host: string): void {
  if (typeof process === 'object' ? process.env.NODE_ENV !== 'production' : false)
    console.warn(
      `affiliate-capture: the browser stores no cookie for the domain ${domain} on this host, so the cookie is for ` +
        `${host} only. A domain must be the host's own, and no public suffix such as co.uk.`,
    );
}
