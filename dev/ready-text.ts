import { quote } from '../src/cli/next-command.js';
import { DATA_DIR } from './command-line.js';
import type { StackInfo } from './data-dir.js';
import { parkedListUrl } from './temporal-ui.js';

/** Where everything runs, and the commands to try next, ready to paste. */
export function readyText(urls: StackInfo, dataDir: string): string {
  const { temporalUiUrl, consoleUrl } = urls;
  const own = dataDir === DATA_DIR['data-dir'].default ? [] : ['--data-dir', quote(dataDir)];
  const npm = (script: string, ...args: string[]) =>
    ['npm', 'run', '-s', script, ...(args.length + own.length > 0 ? ['--'] : []), ...args, ...own].join(' ');
  const as = (...kind: string[]) => `-H "Authorization: Bearer $(${npm('token', ...kind)})"`;
  return [
    readyLine(urls),
    ...(temporalUiUrl ? [`parked conversions  ${parkedListUrl(temporalUiUrl)}`] : []),
    '',
    'Next, in another terminal:',
    `  curl -s ${urls.apiUrl}/v1/me ${as()} -H "X-Affiliate-Click-Id: 3t6RuJ:x0"`,
    `  curl -s ${urls.apiUrl}/v1/conversions ${as('machine')}`,
    `  ${npm('conversions', 'list')}`,
    '  npm run demo',
    `In a browser: ${[`${urls.apiUrl}/docs`, consoleUrl, temporalUiUrl].filter(Boolean).join('  ')}`,
  ].join('\n');
}

function readyLine(urls: StackInfo): string {
  const { apiUrl, temporalUiUrl, temporalAddress, mongoUri, issuerUrl, impactUrl } = urls;
  const ui = temporalUiUrl ? `  Temporal UI ${temporalUiUrl}` : '';
  const metrics = `  metrics ${urls.apiMetricsUrl} ${urls.workerMetricsUrl}`;
  return `ready  API ${apiUrl}${ui}  Temporal ${temporalAddress}  MongoDB ${mongoUri}  token issuer ${issuerUrl}  Impact ${impactUrl}${metrics}`;
}
