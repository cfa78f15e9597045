import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

const PROGRAM = `
  import { NextRequest, NextResponse } from 'next/server.js';
  import { affiliateProxy, withAffiliateTracking } from './src/next.js';
  import { affiliateHeaders } from './src/server.js';

  async function land(proxy) {
    const request = new NextRequest('https://example.com/?im_ref=3t6RuJ%3Ax0', { headers: { cookie: 'a=b' } });
    const response = await proxy(request, {});
    return {
      setCookie: response.headers.get('set-cookie'),
      forwarded: affiliateHeaders(response.headers.get('x-middleware-request-cookie')),
    };
  }
  globalThis.result = Promise.all([
    land(affiliateProxy()),
    land(withAffiliateTracking(() => new Response('no'))),
    land(withAffiliateTracking(() => Response.redirect('https://example.com/en'))),
  ]);
`;

/**
 * Runs the proxy in a separate thread. After Temporal's SDK has replayed a history, it looks up the workflow of every
 * promise in the thread by `Function`, which the edge runtime forbids. Like Next.js, it provides `process.env`.
 */
const THREAD = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { EdgeVM } = require('@edge-runtime/vm');
  const edge = new EdgeVM({ extend: (context) => Object.assign(context, { process: { env: {} } }) });
  edge.evaluate(workerData).then((result) => parentPort.postMessage(result));
`;

it('the proxy works in the edge runtime', async () => {
  const bundle = await build({
    stdin: { contents: PROGRAM, resolveDir: 'capture' },
    bundle: true,
    write: false,
    format: 'iife',
    conditions: ['edge-light'],
    define: {
      'process.env.NODE_ENV': '"production"',
      'process.env.NEXT_RUNTIME': '"edge"',
      __dirname: '"/"',
    },
    external: ['node:*'],
  });
  const thread = new Worker(THREAD, {
    eval: true,
    workerData: `${bundle.outputFiles[0]?.text}\nglobalThis.result`,
  });
  const [[landing, answer, redirect]] = await once(thread, 'message');
  expect(landing.setCookie).toMatch(/^im_ref=3t6RuJ%3Ax0; .*Max-Age=2592000; Secure/);
  expect(landing.forwarded).toEqual({ 'X-Affiliate-Click-Id': '3t6RuJ:x0' });
  expect(answer.setCookie).toMatch(/^im_ref=3t6RuJ%3Ax0; /);
  expect(redirect.setCookie).toMatch(/^im_ref=3t6RuJ%3Ax0; /);
});
