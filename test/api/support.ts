import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect } from 'vitest';
import type { ProblemCode } from '../../src/api/problem.js';
import type { ApiAnswer } from '../support/api-caller.js';
import type { Stack } from '../support/stack.js';

/** Expects an `application/problem+json` answer (RFC 9457) with this code. */
export function expectProblem(answer: ApiAnswer, status: number, code: ProblemCode): void {
  expect(answer.body).toMatchObject({
    type: 'about:blank',
    title: expect.any(String),
    status,
    code,
    detail: expect.any(String),
  });
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json(;|$)/);
}

export function namedFields(answer: ApiAnswer): string[] {
  return (answer.body.errors as { field: string }[]).map(({ field }) => field);
}

/** Sends a request line and header lines unchanged, which HTTP clients do not, and reads the whole answer. */
export async function sendRaw(apiUrl: string, lines: readonly (string | Buffer)[]) {
  const { port, hostname } = new URL(apiUrl);
  const socket = connect(Number(port), hostname);
  for (const line of [...lines, 'Host: api.example.com', 'Connection: close', '']) {
    socket.write(Buffer.concat([Buffer.from(line), Buffer.from('\r\n')]));
  }
  const answer = await text(socket);
  const [head = '', body = ''] = answer.split('\r\n\r\n', 2);
  return { status: Number(head.split(' ')[1]), head, body };
}

/** Expects no click with the user, and a signup that was skipped without one. */
export async function expectNoAttribution(stack: Stack, clerkId: string): Promise<void> {
  const user = await stack.db.users.findOne({ clerkId }).lean();
  expect(user).toMatchObject({ clerkId });
  expect(user).not.toHaveProperty('attribution');
  expect(user).not.toHaveProperty('attributionHistory');
  expect(await stack.conversion(`signup:${user?._id}`)).toMatchObject({
    status: 'skipped',
    reason: 'no_attribution',
    attribution: null,
  });
}
