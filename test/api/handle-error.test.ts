import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express, { type RequestHandler } from 'express';
import mongoose from 'mongoose';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createErrorHandler } from '../../src/api/handle-error.js';
import { Problem } from '../../src/api/problem.js';
import { createLogger } from '../../src/logger.js';
import { openFreshDatabase } from '../support/mongo.js';
import { startStack } from '../support/stack.js';
import { expectProblem } from './support.js';

const SECRET = 'mongodb://admin:hunter2@10.0.0.7/affiliate';

/** The answer to a request whose route fails. */
async function answerTo(route: RequestHandler, logger = createLogger('silent')) {
  const app = express().get('/', route);
  app.use(createErrorHandler(logger));
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
  });
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) };
}

describe("an outage of the issuer's keys", () => {
  it('says when to come back, and is not logged for each request, as anybody can send them', async () => {
    const lines: string[] = [];
    const logger = createLogger('info', { destination: { write: (line) => void lines.push(line) } });
    const answer = await answerTo(() => {
      throw new Problem('authentication_unavailable', 'Retry.');
    }, logger);
    expectProblem(answer, 503, 'authentication_unavailable');
    expect(answer.headers.get('retry-after')).toBe('5');
    expect(lines).toEqual([]);
  });
});

describe('an unexpected error', () => {
  it.each([
    [
      'thrown',
      () => {
        throw new Error(SECRET);
      },
    ],
    ['thrown by a promise', () => Promise.reject(new Error(SECRET))],
    [
      'with a code',
      () => {
        throw Object.assign(new Error(SECRET), { code: 'ENOENT', path: SECRET });
      },
    ],
    [
      'with the status of a server error',
      () => {
        throw Object.assign(new Error(SECRET), { status: 502 });
      },
    ],
    [
      'that is a string',
      () => {
        throw SECRET;
      },
    ],
    ['that is null', () => Promise.reject(null)],
  ] as [string, RequestHandler][])('(%s) is answered without any detail of it', async (_what, route) => {
    const answer = await answerTo(route);
    expectProblem(answer, 500, 'internal_error');
    expect(answer.body).toEqual({
      type: 'about:blank',
      title: 'Internal Server Error',
      status: 500,
      code: 'internal_error',
      detail: 'An unexpected error occurred. It was logged; the request was not at fault.',
    });
    expect(JSON.stringify([...answer.headers])).not.toContain('hunter2');
  });
});

describe('an unavailable database', () => {
  it('is reported as an outage, with a time to retry', async () => {
    const db = await openFreshDatabase();
    await db.close();
    const answer = await answerTo(async () => {
      await db.users.findOne({ clerkId: 'user_1' });
    });
    expectProblem(answer, 503, 'database_unavailable');
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(JSON.stringify(answer.body)).not.toMatch(/mongo|127\.0\.0\.1/i);
  });

  it.each(['TransientTransactionError', 'UnknownTransactionCommitResult', 'RetryableWriteError'])(
    'is also a conflict that outlived the tries of the driver (%s)',
    async (label) => {
      const errmsg = 'WriteConflict error: this operation conflicted with another operation.';
      const conflict = new mongoose.mongo.MongoServerError({ errmsg, code: 112, errorLabels: [label] });
      const answer = await answerTo(() => Promise.reject(conflict));
      expectProblem(answer, 503, 'database_unavailable');
      expect(answer.headers.get('retry-after')).toBe('1');
    },
  );

  it('is reported by the whole API as well', async () => {
    const stack = await startStack({ worker: false });
    onTestFinished(() => stack.stop());
    await stack.db.close();
    expectProblem(await stack.api.me(`user_${randomUUID()}`, 'abc'), 503, 'database_unavailable');
  });
});
