import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { createLink, type Link } from '../../../dev/trial/link.js';

/** Answers with what it gets, and remembers it. */
const received: string[] = [];
const sockets: Socket[] = [];
const echo = createServer((socket) => {
  sockets.push(socket);
  socket.on('error', () => undefined);
  socket.on('data', (data) => {
    received.push(String(data));
    socket.write(data);
  });
});

let port: number;
let link: Link;

beforeAll(async () => {
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  port = (echo.address() as { port: number }).port;
});
afterAll(() => {
  for (const socket of sockets) socket.destroy();
  echo.close();
});
beforeEach(async () => {
  received.length = 0;
  link = await createLink(port);
});
afterEach(() => link.close('end'));

async function open(): Promise<Socket> {
  const socket = connect(link.port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

async function ask(socket: Socket, text: string): Promise<string> {
  socket.write(text);
  const [answer] = await once(socket, 'data');
  return String(answer);
}

const codeOf = async (happening: Promise<unknown>) =>
  happening.then(
    () => 'none',
    (error: NodeJS.ErrnoException) => error.code,
  );

it('passes everything on, in both directions', async () => {
  const socket = await open();
  expect(await ask(socket, 'hello')).toBe('hello');
  socket.destroy();
});

it('resets its connections when it is closed, and refuses new ones until every reason is gone', async () => {
  const socket = await open();
  await ask(socket, 'hello');
  const reset = codeOf(once(socket, 'data'));
  link.close('cut');
  link.close('kill');
  expect(await reset).toBe('ECONNRESET');
  await link.open('cut');
  expect(await codeOf(open())).toBe('ECONNREFUSED');
  await link.open('kill');
  const again = await open();
  expect(await ask(again, 'again')).toBe('again');
  again.destroy();
});

it('lets requests through and loses their answers while it is muted, and resets what has lost something', async () => {
  const [first, second] = [await open(), await open()];
  await ask(first, 'a');
  await ask(second, 'b');
  link.mute();
  first.write('lost');
  await expect.poll(() => received).toContain('lost');
  const reset = codeOf(once(first, 'data'));
  link.unmute();
  expect(await reset).toBe('ECONNRESET');
  expect(await ask(second, 'c')).toBe('c');
  second.destroy();
});

it('keeps the order of what it delays', async () => {
  const socket = await open();
  link.slowDown(100);
  socket.write('1');
  await expect.poll(() => sockets.length).toBeGreaterThan(0);
  link.slowDown(0);
  socket.write('2');
  await expect.poll(() => received.join('')).toBe('12');
  socket.destroy();
});
