/** Where a click id is looked for in a URL. */
export interface ParamOptions {
  /** The query parameter that carries the click id, or several: the first that holds one counts. `im_ref`, unless said. */
  param?: string | readonly string[] | undefined;
}

/** How the cookie is written. */
export interface CookieOptions {
  /** Shares the cookie with all subdomains: `example.com`. This host alone, unless said. */
  domain?: string | undefined;
  /** Sends the cookie over https only. Where the page's URL is known, its protocol decides, unless said. */
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
  isSignedIn: [isBoolean, 'true or false'],
  setAffiliateAttribution: [isFunction, 'a function'],
};

/** @throws TypeError that names the option, and what it must be */
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

/** Bundlers leave it out of what browsers load in production: of this condition, esbuild sees that it is never met. */
export function checkInDevelopment(options: object): void {
  if (typeof process === 'object' ? process.env.NODE_ENV !== 'production' : false) checkOptions(options);
}
