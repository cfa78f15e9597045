import { findExecutable } from '../../support/find-executable.js';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Finds Chromium. Without it, the tests are skipped with a notice, and in CI they fail. */
export function chromiumOrSkip(env: NodeJS.ProcessEnv): string | undefined {
  const path = findChromium(env);
  if (path) return path;
  const missing = 'There is no Chromium: install it, or set CHROMIUM_PATH.';
  if (env.CI) throw new Error(missing);
  console.error(`\n  The tests in a browser are SKIPPED. ${missing}\n`);
  return undefined;
}

/** Returns the browser that CHROMIUM_PATH names, or else the first one on PATH. */
function findChromium(env: NodeJS.ProcessEnv): string | undefined {
  return env.CHROMIUM_PATH || findExecutable(env, ...NAMES);
}
