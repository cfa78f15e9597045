import { isUnreplacedMacro, parseClickId } from './click-id.js';

/**
 * What this package ignored on the website's server, and why.
 * `empty_param`: the parameter is there, without a value. `unreplaced_macro`: its value is a placeholder such as `{clickid}`.
 * `malformed_param`: no value of it is a click id.
 * `repeated_param`: the URL has several click ids, and the first one counts. `no_consent`: the visitor came with a click id and
 * has not agreed. `malformed_cookie`: the cookie's value is no click id.
 */
export type IgnoredReason =
  | 'empty_param'
  | 'unreplaced_macro'
  | 'malformed_param'
  | 'repeated_param'
  | 'no_consent'
  | 'malformed_cookie';

export interface IgnoredOptions {
  /**
   * Gets the reason of each click id that the package ignores, so that the website can count them. The page does not wait for
   * it, and its errors are swallowed, those of a promise included.
   */
  onIgnored?: ((reason: IgnoredReason) => unknown) | undefined;
}

/** @returns what a URL with these values loses; the same click id twice loses nothing */
export function ignoredAmong(values: readonly string[]): IgnoredReason | undefined {
  const clickIds = new Set(values.filter((value) => parseClickId(value)));
  if (clickIds.size > 1) return 'repeated_param';
  if (clickIds.size === 1 || values.length === 0) return undefined;
  if (values.some(isUnreplacedMacro)) return 'unreplaced_macro';
  return values.some(Boolean) ? 'malformed_param' : 'empty_param';
}

/** Counting must never break a page. */
export function tell({ onIgnored }: IgnoredOptions, reason: IgnoredReason | undefined): void {
  if (!onIgnored || !reason) return;
  Promise.resolve(reason)
    .then(onIgnored)
    .catch(() => {});
}
