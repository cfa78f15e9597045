import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDemoClient } from '../../../dev/demo/client.js';
import { neutralEnvironment } from '../../../dev/environment.js';
import { createSandboxCaller } from '../../../dev/impact-sandbox/caller.js';
import { startStack } from '../../../dev/stack.js';
import { launchChromium } from '../../browser/support/launch-chromium.js';
import { untilListedAsParked } from '../../support/until-listed-as-parked.js';

export type Operator = Awaited<ReturnType<typeof startOperator>>;

/** Starts the stack of `npm start` on free ports, with its Temporal UI, and a browser for the operator. */
export async function startOperator() {
  const dataDir = await mkdtemp(join(tmpdir(), 'affiliate-operator-'));
  const env = { ...neutralEnvironment(process.env), PORT: '0' };
  const [stack, browser] = await Promise.all([
    startStack({ dataDir, env, say: () => undefined }),
    launchChromium(),
  ]);
  const { temporalUiUrl } = stack.urls;
  if (!temporalUiUrl) throw new Error('the stack has no Temporal UI');
  const client = await openDemoClient(stack.urls, dataDir);
  const sandbox = createSandboxCaller(stack.urls.impactUrl);
  return {
    client,
    sandbox,
    browser,
    temporalUiUrl,
    /** Publishes a sale that Impact refuses the first time, and resolves once Temporal lists it as parked. */
    async parkSale(orderId: string, fault: Record<string, unknown>) {
      const { userId } = await client.firstPage(`user_${orderId}`, '3t6RuJ:x0');
      await sandbox.fault({ kind: 'status', ...fault, orderId });
      const { conversionId } = await client.sell(userId, orderId);
      await untilListedAsParked(client.temporal, [conversionId]);
      return { userId, conversionId };
    },
    async stop() {
      await browser.close();
      await client.close();
      await stack.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
