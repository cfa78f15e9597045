import { parseArgs } from 'node:util';
import { pathsIn, readStackInfo } from '../../dev/data-dir.js';
import { choosePort } from '../../dev/ports.js';
import { buildCapture, startSite } from './site.js';

/** `npm run example`: starts this site in development mode, beside the stack that `npm start` runs. */

const { values } = parseArgs({ options: { 'data-dir': { type: 'string', default: '.data' } } });
const dataDir = values['data-dir'];

try {
  const stack = await readStackInfo(dataDir);
  if (!stack)
    throw new Error(`No stack runs on ${dataDir}. Start one with npm start, or pass its --data-dir.`);
  const { apiUrl, issuerUrl } = stack;
  const issuerKeyFile = pathsIn(dataDir).issuerKey;
  const port = await choosePort(3001, console.log);
  await buildCapture();
  console.log('starting the site');
  const site = await startSite({
    command: 'dev',
    port,
    apiUrl,
    issuerUrl,
    issuerKeyFile,
    onLine: console.log,
  });
  let stopping = false;
  const stop = () => {
    stopping = true;
    void site.stop();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  console.log(`ready  ${site.url}/?im_ref=3t6RuJ:x0-xyNWQ`);

  const exit = await site.child.exited;
  if (!stopping) throw new Error(site.child.explain(exit));
  process.exit(0);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
