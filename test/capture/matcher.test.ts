import { describe, expect, it } from 'vitest';
import { matcherIn, nextMatches, requireOf, type SiteConfig } from './support/matchers.js';

const matcher = await matcherIn('capture/README.md');

const PAGES = ['', '/pricing', '/shoes.html', '/blog/node.js-tips', '/@john.doe', '/v2.0', '/_nextdoor'];
const FILES = [
  '/favicon.ico',
  '/logo.svg',
  '/images/hero.jpeg',
  '/robots.txt',
  '/sitemap.xml',
  '/sw.js',
  '/site.webmanifest',
  '/fonts/inter.woff2',
  '/fonts/inter.ttf',
  '/_next/static/chunks/main.js',
  '/_next/image',
];
const i18n = { locales: ['en', 'de'], defaultLocale: 'en' };

/** Next.js adds the default locale to a path without one before it asks the matcher. */
const SITES: [what: string, config: SiteConfig, prefix: string][] = [
  ['a site', {}, ''],
  ['a site below a `basePath`', { basePath: '/shop' }, '/shop'],
  ['a site of the Pages Router with locales', { i18n }, '/de'],
  ['a site with both', { basePath: '/shop', i18n }, '/shop/en'],
];

describe.each([14, 15, 16] as const)('the documented matcher, in Next.js %i', (version) => {
  describe.each(SITES)('on %s', (_what, config, prefix) => {
    const isMatched = nextMatches(version, matcher, config);

    it.each(PAGES)('lets the proxy run for the page "%s"', (page) => {
      expect(isMatched(prefix + page || '/')).toBe(true);
    });

    it.each(FILES)('keeps it from the file %s', (file) => {
      expect(isMatched((file.startsWith('/_next') ? (config.basePath ?? '') : prefix) + file)).toBe(false);
    });
  });
});

it.each([14, 15, 16] as const)('is tested with Next.js %i', (version) => {
  expect(requireOf(version)('next/package.json').version).toMatch(new RegExp(`^${version}\\.`));
});

it.each(['capture/src/next.ts', 'examples/nextjs/proxy.ts'])('is the one in %s', async (path) => {
  expect(matcher).not.toEqual([]);
  expect(await matcherIn(path)).toEqual(matcher);
});
