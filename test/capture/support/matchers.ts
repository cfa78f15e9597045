import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

export interface SiteConfig {
  basePath?: string;
  i18n?: { locales: string[]; defaultLocale: string };
}

/** The sites that have each version of Next.js. */
const NEXT_VERSIONS = {
  14: 'test/sites/next14/package.json',
  15: 'test/sites/next15/package.json',
  16: 'examples/nextjs/package.json',
};

const root = new URL('../../../', import.meta.url);

/** Finds the `matcher` in a file, as it is written there. */
export async function matcherIn(path: string): Promise<string[]> {
  const text = await readFile(new URL(path, root), 'utf8');
  const [, list = ''] = /matcher: \[(.+?)[\s*]*\],\n/s.exec(text) ?? [];
  return [...list.matchAll(/'([^']+)'/g)].map(([, literal = '']) => literal.replaceAll('\\\\', '\\'));
}

export function requireOf(version: keyof typeof NEXT_VERSIONS) {
  return createRequire(new URL(NEXT_VERSIONS[version], root));
}

/** Returns the test with which a version of Next.js decides whether to run the proxy for a path. */
export function nextMatches(version: keyof typeof NEXT_VERSIONS, matcher: string[], config: SiteConfig) {
  const require = requireOf(version);
  const { getMiddlewareMatchers } = require('next/dist/build/analysis/get-page-static-info.js');
  const matchers: { regexp: string }[] = getMiddlewareMatchers(matcher, config);
  return (path: string) => matchers.some(({ regexp }) => new RegExp(regexp).test(path));
}
