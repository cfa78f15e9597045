import { once } from 'node:events';
import { type IncomingMessage, request as startRequest } from 'node:http';
import { createInterface } from 'node:readline';
import type { Tokens } from './api-caller.js';

interface Target {
  apiUrl: string;
  api: { tokens: Tokens };
}

/** An import whose lines are sent, and whose results are read, one after the other. */
export async function openImport({ apiUrl, api }: Target) {
  const token = await api.tokens.machine('users:write');
  const request = startRequest(`${apiUrl}/v1/users/import`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/x-ndjson' },
  });
  // The test ends some before their answer.
  request.on('error', () => undefined);
  const answered = once(request, 'response') as Promise<[IncomingMessage]>;
  answered.catch(() => undefined);
  return {
    request,
    send: (...users: object[]) => request.write(users.map((user) => `${JSON.stringify(user)}\n`).join('')),
    status: async () => (await answered)[0].statusCode,
    /** Each line of the answer. */
    async *results() {
      const [answer] = await answered;
      for await (const line of createInterface({ input: answer })) yield JSON.parse(line);
    },
  };
}
