import { expect, it } from 'vitest';
import { runInEdge } from '../support/run-in-edge.js';
import { problem, startScriptedApi, status } from './scripted-api.js';

it('a call works in the edge runtime, also if it has to be repeated', async () => {
  const api = await startScriptedApi();
  api.answerWith(problem(503, 'database_unavailable'), status(200, {}, { userId: 'u' }));
  const program = `
    import { createAffiliateClient, dataOf } from './src/index.js';
    const api = createAffiliateClient({ baseUrl: '${api.url}', token: 't', retry: { pauseMs: 2 } });
    globalThis.result = dataOf(api.GET('/v1/me'));
  `;
  expect(await runInEdge(program, 'client')).toEqual({ userId: 'u' });
  await api.stop();
});
