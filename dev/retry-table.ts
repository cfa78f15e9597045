import { problemsOf } from '../src/api/openapi-problems.js';
import { PROBLEMS, type ProblemCode } from '../src/api/problem.js';
import { allRoutes } from './all-routes.js';
import { table } from './markdown-table.js';

/** The routes by which a backend writes. */
const ACCESS: readonly string[] = ['conversions:publish', 'conversions:adjust', 'users:write'];

const AGAIN = 'send the same request again';
const NEW_TOKEN = 'get a new token, and send it again';
const LATER =
  'an error of this service: keep the request, and send it again in minutes; the log of the API has the cause';
const NEVER = 'do not send it again as it is: the request, the token or the configuration is wrong';

/** Which errors a backend's request may meet, by what the backend should do. */
export function retryTable(): string {
  const routes = allRoutes().filter(({ access }) => ACCESS.includes(access));
  const met = new Set(routes.flatMap(problemsOf));
  const codes = (Object.keys(PROBLEMS) as ProblemCode[]).filter((code) => met.has(code));
  const rows = [AGAIN, LATER, NEW_TOKEN, NEVER].map((advice) => {
    const those = codes.filter((code) => adviceOn(code) === advice);
    return [those.map((code) => `\`${code}\` (${PROBLEMS[code][0]})`).join(', '), advice];
  });
  return table(['`code` (status)', 'what to do'], rows);
}

function adviceOn(code: ProblemCode): string {
  const [status] = PROBLEMS[code];
  if (status === 429 || status === 503 || code === 'concurrent_update') return AGAIN;
  if (status >= 500) return LATER;
  return code === 'token_expired' ? NEW_TOKEN : NEVER;
}
