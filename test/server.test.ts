import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { newOrder, paidInvoice } from './sources/stripe/events.js';
import { freshMongoUri } from './support/mongo.js';
import { deliver, ENDPOINT_SECRET } from './support/stripe-source.js';

test.each(['PORT', 'METRICS_PORT'])(
  'ends and names the port if %s is taken, and warns that no backend has a scope',
  async (variable) => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    onTestFinished(() => void taken.close());
    const { port } = taken.address() as AddressInfo;
    const child = spawn(process.execPath, ['--import', 'tsx', 'src/server.ts'], {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      env: { ...environment(), [variable]: String(port) },
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const said = text(child.stdout);
    const [exitCode] = await once(child, 'exit');
    expect(exitCode).toBe(1);
    expect(await said).toContain(`address already in use 127.0.0.1:${port}`);
    // Nothing grants a scope unless the operator does.
    expect(await said).toContain('no_machine_scopes');
  },
  60_000,
);

test('takes events of Stripe with a secret of its endpoint', { timeout: 60_000 }, async () => {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/server.ts'], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env: { ...environment(), STRIPE_WEBHOOK_SECRET: ENDPOINT_SECRET },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let port: string | undefined;
  for await (const chunk of child.stdout) {
    port ??= /"port":(\d+).*the API listens/.exec(String(chunk))?.[1];
    if (port) break;
  }
  const order = newOrder();
  const { status, body } = await deliver(`http://127.0.0.1:${port}`, paidInvoice(order));
  expect({ status, body }).toMatchObject({ status: 200, body: { result: 'held', reason: 'user_not_found' } });
});

function environment() {
  return {
    PATH: process.env.PATH,
    MONGODB_URI: freshMongoUri(),
    AUTH_ISSUER: 'http://127.0.0.1:1',
    AUTH_AUTHORIZED_PARTIES: '*',
    USER_ID_KEY: 'k'.repeat(32),
    PORT: '0',
    METRICS_PORT: '0',
  };
}
