import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { monotonicMs } from './clock.js';

/**
 * A process entry: answers `POST …/Conversions` as Impact documents it, after 20 ms, and prints the order and the time of
 * each request's arrival. It does less than the sandbox, because the measured processes need the processor.
 */

const ANSWER_AFTER_MS = 20;

const server = createServer(async (request, response) => {
  const arrivedAt = monotonicMs();
  const orderId = new URLSearchParams(await text(request)).get('OrderId');
  console.log(`${orderId} ${arrivedAt}`);
  await delay(ANSWER_AFTER_MS);
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ Status: 'QUEUED', QueuedUri: `${request.url}/A-${orderId}` }));
});
// A client that reuses a connection just when the server closes it would fail.
server.keepAliveTimeout = 600_000;
server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('ready'));
