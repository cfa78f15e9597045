import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { serve } from '../../dev/serve.js';

export interface Received {
  at: number;
  method: string | undefined;
  url: string | undefined;
  headers: IncomingHttpHeaders;
  body: string;
}

type Answer = (response: ServerResponse) => unknown;

/** Answers each request with the next of the answers, and then with 200. It keeps the requests. */
export async function startScriptedApi() {
  let answers: Answer[] = [];
  const received: Received[] = [];
  const { url, stop } = await serve(
    createServer(async (request, response) => {
      const { method, url, headers } = request;
      received.push({ at: Date.now(), method, url, headers, body: await text(request) });
      (answers.shift() ?? status(200))(response);
    }),
  );
  return {
    url,
    stop,
    received,
    /** From now on. */
    answerWith(...next: Answer[]) {
      answers = next;
      received.length = 0;
    },
  };
}

export const status =
  (code: number, headers: Record<string, string> = {}, body: object = {}): Answer =>
  (response) =>
    response.writeHead(code, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));

export const problem = (code: number, name: string): Answer =>
  status(code, { 'Content-Type': 'application/problem+json' }, { status: code, code: name, detail: name });

/** The connection breaks without an answer. */
export const breakOff: Answer = (response) => response.destroy();

/** No answer comes. */
export const stayAway: Answer = () => undefined;
