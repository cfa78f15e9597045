import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { choosePort, freePort, isListening } from '../../dev/ports.js';
import { createSay } from './support.js';

test('takes the preferred port where it is free, and says nothing', async () => {
  const { say, lines } = createSay();
  const preferred = await freePort();
  expect(await choosePort(preferred, say)).toBe(preferred);
  expect(lines).toEqual([]);
});

test('takes another port where the preferred one is taken, and says so', async () => {
  const { say, lines } = createSay();
  const taken = await takenPort();

  const chosen = await choosePort(taken, say);

  expect(chosen).not.toBe(taken);
  expect(lines).toEqual([`port ${taken} is taken, using ${chosen}`]);
  expect(await isListening(taken)).toBe(true);
  expect(await isListening(chosen)).toBe(false);
});

async function takenPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}
