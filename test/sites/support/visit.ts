import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

/** As a browser sends them when a visitor opens a page. */
const NAVIGATION = { 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate', accept: 'text/html' };

/** As a browser sends them when a script fetches something. */
export const BY_SCRIPT = { 'sec-fetch-dest': 'empty', 'sec-fetch-mode': 'cors' };

/**
 * Asks for a path as a browser does, and reads the elements of the page that have a test id. `fetch` would set
 * `Sec-Fetch-Mode` itself.
 */
export async function visit(url: string, headers: Record<string, string> = {}) {
  const [response] = (await once(get(url, { headers: { ...NAVIGATION, ...headers } }), 'response')) as [
    IncomingMessage,
  ];
  const page = await text(response);
  const shown = [...page.matchAll(/data-testid="([\w-]+)">([^<]*)</g)].map(([, id, value]) => [id, value]);
  const setCookies = response.headers['set-cookie'] ?? [];
  return {
    status: response.statusCode,
    location: response.headers.location,
    cacheControl: response.headers['cache-control'],
    setCookies,
    /** The cookie that keeps the click id, as `name=value`. */
    clickCookie: setCookies.map((line) => line.split(';')[0]).find((cookie) => cookie?.startsWith('im_ref=')),
    shown: Object.fromEntries(shown) as Record<string, string>,
  };
}
