import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

/** A site that imports everything for a browser. It names each import, so the bundler can shorten the names. */
const SITE = `
  import * as core from './src/index.js';
  import * as react from './src/react.js';
  console.log(core.AFFILIATE_COOKIE, core.AFFILIATE_HEADER, core.AFFILIATE_MAX_AGE_SECONDS, core.parseClickId,
    core.readClickId, core.serializeClickIdCookie, core.clearClickId, react.AffiliateCapture, react.useAffiliateAttribution);
`;

it('a browser loads 1.4 kB at most', async () => {
  const bundle = await build({
    stdin: { contents: SITE, resolveDir: 'capture' },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    external: ['react'],
  });
  expect(gzipSync(bundle.outputFiles[0]?.contents ?? '').length).toBeLessThanOrEqual(1_400);
});
