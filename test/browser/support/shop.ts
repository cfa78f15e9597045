import { inject } from 'vitest';
import { freePort } from '../../../dev/ports.js';
import { startSite } from '../../../examples/nextjs/site.js';
import { startStack } from '../../support/stack.js';
import { startApiGateway } from './api-gateway.js';
import { launchChromium } from './launch-chromium.js';

export type Shop = Awaited<ReturnType<typeof startShop>>;

/** Starts the production build of the example site, the real service behind it, and a browser. */
export async function startShop() {
  const stack = await startStack();
  const api = await startApiGateway(stack.apiUrl);
  const site = await startSite({
    command: 'start',
    port: await freePort(),
    apiUrl: api.url,
    issuerUrl: stack.issuer.issuerUrl,
    issuerKeyFile: inject('issuerKeyFile'),
  });
  const browser = await launchChromium();
  return {
    stack,
    api,
    browser,
    url: site.url,
    async stop() {
      await browser.close();
      await site.stop();
      await api.down();
      await stack.stop();
    },
  };
}
