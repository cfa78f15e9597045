import { afterAll, beforeAll, expect, test } from 'vitest';
import { createBrowser } from '../../support/browser.js';
import { type Stack, startStack } from '../../support/stack.js';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ worker: false, console: {} });
});
afterAll(() => stack.stop());

test('an affiliate manager signs in, and arrives at the page', async () => {
  const browser = createBrowser();
  const { url, response } = await browser.signIn(stack.apiUrl, 'manager');
  console.log(url, response.status, await response.text());
  expect(url).toBe(`${stack.apiUrl}/console`);
  const session = await browser.send(`${stack.apiUrl}/console/session`);
  expect(await session.json()).toEqual({ name: 'manager', expiresAt: expect.any(String) });
});
