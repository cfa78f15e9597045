/** An answer that is no success: `application/problem+json`, or none at all. */
export class ApiError extends Error {
  /**
   * @param {number} status 0: no answer
   * @param {string} code
   * @param {string} detail
   */
  constructor(status, code, detail) {
    super(detail);
    this.status = status;
    this.code = code;
  }
}

/**
 * @template T
 * @param {string} path
 * @param {Record<string, string | undefined>} query
 * @returns {Promise<T>}
 * @throws {ApiError} with status 401 where there is no session, 403 where it lacks the manager's role
 */
export async function get(path, query = {}) {
  const response = await fetch(withQuery(path, query), { headers: { Accept: 'application/json' } }).catch(
    () => {
      throw new ApiError(0, 'unreachable', 'The service does not answer. Reload the page in a moment.');
    },
  );
  const body = await response.json().catch(() => ({}));
  if (response.ok) return body;
  throw new ApiError(response.status, body.code ?? 'unknown', body.detail ?? response.statusText);
}

/**
 * @param {string} path
 * @param {Record<string, string | undefined>} query
 */
export function withQuery(path, query) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  if (given.length === 0) return path;
  return `${path}?${new URLSearchParams(/** @type {[string, string][]} */ (given))}`;
}
