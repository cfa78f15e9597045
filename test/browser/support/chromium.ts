import { findExecutable } from '../../support/find-executable.js';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The browser for the tests: the one that CHROMIUM_PATH names, or else the first on PATH. */
export function findChromium(env: NodeJS.ProcessEnv): string | undefined {
  return env.CHROMIUM_PATH || findExecutable(env, ...NAMES);
}
