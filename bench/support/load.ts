import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';

/** Calls `work` for each index, so many at a time. */
export async function inFlight(limit: number, count: number, work: (index: number) => Promise<void>) {
  let next = 0;
  const workOnNext = async () => {
    while (next < count) {
      const index = next;
      next += 1;
      await work(index);
    }
  };
  await Promise.all(Array.from({ length: limit }, workOnNext));
}

/** @returns the milliseconds of each call */
export async function timeInFlight(limit: number, count: number, work: (index: number) => Promise<void>) {
  const times: number[] = [];
  await inFlight(limit, count, async (index) => {
    const start = performance.now();
    await work(index);
    times.push(performance.now() - start);
  });
  return times;
}

const agent = new Agent({ keepAlive: true });

/** Plain node:http, because a heavier client would take the processor from the servers, and flatter every ratio. */
export async function call(
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: object } = {},
): Promise<string> {
  const { method = 'GET', headers = {}, body } = options;
  const json = body && { 'content-type': 'application/json' };
  const answer = await new Promise<{ status: number; body: string }>((resolve, reject) => {
    const sent = request(url, { agent, method, headers: { ...json, ...headers } }, (response) => {
      text(response).then((read) => resolve({ status: response.statusCode ?? 0, body: read }), reject);
    });
    sent.on('error', reject);
    sent.end(body && JSON.stringify(body));
  });
  if (answer.status >= 400) throw new Error(`${method} ${url} answered ${answer.status}: ${answer.body}`);
  return answer.body;
}
