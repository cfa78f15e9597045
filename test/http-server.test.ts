import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { type RequestHandler, raw } from 'express';
import { expect, onTestFinished, test } from 'vitest';
import { serve } from '../dev/serve.js';
import { exactApp } from '../src/exact-paths.js';
import { createHttpServer, type HTTP_LIMITS, liftRequestTimeout } from '../src/http-server.js';

const QUICK = { headersTimeout: 200, requestTimeout: 400, connectionsCheckingInterval: 20 };

/** A server with these limits, to which a client connects as it likes. */
async function startServer(limits: Partial<typeof HTTP_LIMITS>, ...handlers: RequestHandler[]) {
  const app = exactApp();
  for (const handler of handlers) app.use(handler);
  const server = createHttpServer(app, limits);
  const { stop, url } = await serve(server);
  onTestFinished(stop);
  const open = async (): Promise<Socket> => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    // A connection that the server closes while the client writes.
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    return socket;
  };
  return { server, url, open };
}

const answer: RequestHandler = (_request, response) => {
  response.send('done');
};

const liftLimit: RequestHandler = (request, _response, next) => {
  liftRequestTimeout(request);
  next();
};

/** Writes one more byte again and again, until the server ends it. */
async function trickle(socket: Socket): Promise<string> {
  const timer = setInterval(() => socket.write('x'), 10);
  const said = await text(socket);
  clearInterval(timer);
  return said;
}

/** It takes a second, one byte every 10 ms. */
const BODY_OF_100 = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n';
const BODY_OF_1000 = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n';

test('a client that sends nothing is disconnected', async () => {
  const { open } = await startServer(QUICK, answer);
  expect(await text(await open())).toMatch(/^HTTP\/1\.1 408 /);
});

test('a client that never ends its headers is disconnected', async () => {
  const { open } = await startServer(QUICK, answer);
  const socket = await open();
  socket.write('GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ');
  expect(await trickle(socket)).toMatch(/^HTTP\/1\.1 408 /);
});

test('a client that never ends its body is disconnected, although it keeps sending', async () => {
  const { open } = await startServer(QUICK, raw({ type: () => true }), answer);
  const socket = await open();
  socket.write(BODY_OF_1000);
  expect(await trickle(socket)).toMatch(/^HTTP\/1\.1 408 /);
});

test('a body of any length has time enough, once its route has let it through', async () => {
  const { open } = await startServer(QUICK, liftLimit, raw({ type: () => true }), answer);
  const socket = await open();
  socket.write(BODY_OF_100);
  const timer = setInterval(() => socket.write('x'), 10);
  const [said] = await once(socket, 'data');
  clearInterval(timer);
  expect(String(said)).toMatch(/^HTTP\/1\.1 200 /);
  socket.destroy();
});

test('a client that was refused and still sends its body is disconnected', async () => {
  const { open } = await startServer(QUICK, (_request, response) => {
    response.status(401).end();
  });
  const socket = await open();
  socket.write(BODY_OF_1000);
  expect(await trickle(socket)).toMatch(/^HTTP\/1\.1 401 /);
});

test('a client that does not read its answer is disconnected', async () => {
  const { open, server } = await startServer({ ...QUICK, silenceTimeout: 200 }, (_request, response) => {
    response.end(Buffer.alloc(64 * 1024 * 1024));
  });
  const ended = once(server, 'connection').then(([socket]) => once(socket, 'close'));
  const socket = await open();
  socket.pause();
  socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await ended;
  socket.destroy();
});

test('an idle connection is closed in the end, and not by the limits for a request', async () => {
  const { open } = await startServer({ ...QUICK, keepAliveTimeout: 1_000 }, answer);
  const socket = await open();
  const startedAt = performance.now();
  socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 .*done$/s);
  expect(performance.now() - startedAt).toBeGreaterThan(900);
});

test('a connection too many is closed at once, and the others are served', async () => {
  const { open, server, url } = await startServer({ maxConnections: 2 }, answer);
  const dropped = once(server, 'drop');
  const [first, second] = [await open(), await open()];
  const third = await open();
  expect(await text(third)).toBe('');
  await dropped;
  second.destroy();
  first.end('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  expect(await text(first)).toMatch(/^HTTP\/1\.1 200 /);
  await expect.poll(() => fetch(url).then(({ status }) => status, String)).toBe(200);
});

test('a body within the limits has time enough', async () => {
  const { url } = await startServer({}, raw({ type: () => true }), answer);
  const response = await fetch(url, { method: 'POST', body: 'x'.repeat(16_000) });
  expect(await response.text()).toBe('done');
});
