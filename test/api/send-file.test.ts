import { createServer } from 'node:http';
import express from 'express';
import { describe, expect, it, onTestFinished } from 'vitest';
import { serve } from '../../dev/serve.js';
import { createErrorHandler } from '../../src/api/handle-error.js';
import { sendFile } from '../../src/api/send-file.js';
import { createLogger } from '../../src/logger.js';
import { until } from '../support/until.js';

/** A server of one file, the lines of its log, and what has become of its parts. */
async function serveFile(partsOf: () => AsyncGenerator<string>) {
  const seen = { parts: 0, ended: false };
  const lines: string[] = [];
  async function* watched() {
    try {
      for await (const part of partsOf()) {
        seen.parts += 1;
        yield part;
      }
    } finally {
      seen.ended = true;
    }
  }
  const logger = createLogger('info', { destination: { write: (line) => void lines.push(line) } });
  const app = express()
    .get('/', (request, response) =>
      sendFile(request, response, { name: 'a.csv', type: 'text/csv' }, watched()),
    )
    .use(createErrorHandler(logger));
  const { url, stop } = await serve(createServer(app));
  onTestFinished(stop);
  return { url, seen, lines };
}

const MEGABYTE = 'x'.repeat(1_000_000);

async function* endless() {
  for (;;) yield MEGABYTE;
}

describe('a file', () => {
  it('has all of its parts', async () => {
    const { url } = await serveFile(async function* () {
      yield 'a\r\n';
      yield 'b\r\n';
    });
    expect(await (await fetch(url)).text()).toBe('a\r\nb\r\n');
  });

  it('that fails before its first part is a problem', async () => {
    // biome-ignore lint/correctness/useYield: it fails before.
    const { url } = await serveFile(async function* (): AsyncGenerator<string> {
      throw new Error('lost');
    });
    const answer = await fetch(url);
    expect(answer.status).toBe(500);
    expect(answer.headers.get('content-disposition')).toBeNull();
    expect(await answer.json()).toMatchObject({ code: 'internal_error' });
  });

  it('that fails later is cut off, so that no client takes it for the whole, and is logged', async () => {
    const { url, lines } = await serveFile(async function* () {
      yield 'a\r\n';
      throw new Error('lost');
    });
    const answer = await fetch(url);
    await expect(answer.text()).rejects.toThrow();
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ code: 'internal_error' }]);
  });

  it('is read no faster than the client takes it, and no further once the client has gone', async () => {
    const { url, seen, lines } = await serveFile(endless);
    const gone = new AbortController();
    const answer = await fetch(url, { signal: gone.signal });
    await answer.body?.getReader().read();
    gone.abort();
    await until(async () => seen.ended);
    // What fits between the two: the buffers of both sockets.
    expect(seen.parts).toBeLessThan(50);
    expect(lines).toEqual([]);
  });

  it('is not read beyond its first part for a HEAD', async () => {
    const { url, seen } = await serveFile(endless);
    const answer = await fetch(url, { method: 'HEAD' });
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    await until(async () => seen.ended);
    expect(seen.parts).toBe(1);
  });
});
