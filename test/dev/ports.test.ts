import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { choosePorts, freePort, freePorts, isListening } from '../../dev/ports.js';
import { chooseStackPorts } from '../../dev/stack-ports.js';
import { createSay } from './support.js';

test('takes the preferred ports where all are free, and says nothing', async () => {
  const { say, lines } = createSay();
  const preferred = await freePorts(['api', 'worker']);
  expect(await choosePorts(preferred, say)).toEqual(preferred);
  expect(lines).toEqual([]);
});

test('takes a whole set of its own where one port is taken, and says which one that was', async () => {
  const { say, lines } = createSay();
  const preferred = { api: await freePort(), worker: await takenPort() };

  const chosen = await choosePorts(preferred, say);

  const offset = chosen.api - preferred.api;
  expect([offset > 0, offset % 100, chosen.worker - preferred.worker]).toEqual([true, 0, offset]);
  expect(lines).toEqual([
    `ports are taken (worker ${preferred.worker}), so all ports here are ${offset} higher`,
  ]);
  expect(await Promise.all([chosen.api, chosen.worker].map(isListening))).toEqual([false, false]);
});

test('chooses no port again while nothing listens on it yet', async () => {
  const ports = await Promise.all(Array.from({ length: 100 }, () => freePort()));
  expect(new Set(ports).size).toBe(100);
});

test('names one of many ports that are taken, and counts the others', async () => {
  const { say, lines } = createSay();
  await choosePorts({ a: await takenPort(), b: await takenPort(), c: await takenPort() }, say);
  expect(lines).toEqual([expect.stringMatching(/^ports are taken \(a \d+ and 2 more\)/)]);
});

test('goes past a set of which another stack has a part', async () => {
  const first = await takenPort();
  await takenPort(first + 100);
  const chosen = await choosePorts({ api: first }, createSay().say);
  expect(chosen.api).toBeGreaterThanOrEqual(first + 200);
});

test('does not mind that a port is taken that the stack does not need', async () => {
  const preferred = { api: await freePort(), MongoDB: await takenPort() };
  expect(await choosePorts(preferred, createSay().say, ['api'])).toEqual(preferred);
});

test('says which ports are taken and what to do where no set is free', async () => {
  const high = await takenPort(65_500);
  await expect(choosePorts({ worker: high }, createSay().say)).rejects.toThrow(
    /worker 65500.*Stop a stack, or set PORT=0/,
  );
});

test('a stack beside another one has no port of the first set', async () => {
  const api = await takenPort();
  const ports = await chooseStackPorts({ PORT: String(api), METRICS_PORT: '' }, createSay().say);
  const first = { API: api, 'API metrics': 9465, worker: 9464, MongoDB: 27018, Temporal: 7233 };
  const offsets = Object.entries(first).map(([name, port]) => ports[name as keyof typeof first] - port);
  expect(offsets).toEqual(Array(5).fill(offsets[0]));
  expect(offsets[0]).toBeGreaterThanOrEqual(100);
});

test('PORT=0 gives each part a free port of its own', async () => {
  const ports = Object.values(await chooseStackPorts({ PORT: '0' }, createSay().say));
  expect(new Set(ports).size).toBe(8);
});

test('refuses a PORT that is no port, with an example', async () => {
  const choosing = chooseStackPorts({ PORT: 'http' }, createSay().say);
  await expect(choosing).rejects.toThrow('PORT: must be a number. Example: 3000');
});

/** @param port any free one by default */
async function takenPort(port = 0): Promise<number> {
  const server = createServer().listen(port || (await freePort()), '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}
