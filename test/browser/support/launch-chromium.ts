import { chromium } from 'playwright-core';
import { inject } from 'vitest';

export function launchChromium() {
  return chromium.launch({
    executablePath: inject('chromiumPath'),
    // Chromium's own sandbox does not work for root.
    chromiumSandbox: process.getuid?.() !== 0,
    args: [
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
