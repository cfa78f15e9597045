import { DATA_DIR, readCommandLine } from '../../dev/command-line.js';
import { pathsIn, readStackInfo } from '../../dev/data-dir.js';
import { sitePort } from '../../dev/environment.js';
import { buildPackages } from '../../dev/next-site.js';
import { choosePorts } from '../../dev/ports.js';
import { startSite } from './site.js';

/** `npm run example`: starts this site in development mode, beside the stack that `npm start` runs. */

const USAGE = `Usage: npm run example -- [--data-dir DIR]

  --data-dir  the stack that the site uses, .data by default; start it with npm start`;

const { values } = readCommandLine(USAGE, DATA_DIR);
const dataDir = values['data-dir'];

try {
  const { apiUrl, issuerUrl } = await readStackInfo(dataDir);
  const issuerKeyFile = pathsIn(dataDir).issuerKey;
  const { port } = await choosePorts({ port: sitePort(Number(new URL(apiUrl).port)) }, console.log);
  await buildPackages();
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
