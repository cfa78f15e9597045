import { describe, expect, it } from 'vitest';
import { clientOf, SIGNUP, serverThat } from './support.js';

// With what Base64, JSON and addresses write differently.
const CREDENTIALS = { accountSid: 'IRtest', authToken: 'to?k/en+~=ÿÿ' };
const BASIC = Buffer.from(`${CREDENTIALS.accountSid}:${CREDENTIALS.authToken}`).toString('base64');

/** The error of a call whose answer holds what the test makes of the credentials. */
async function errorOf(status: number, body: string): Promise<Record<string, unknown>> {
  const url = await serverThat((_request, response) => response.writeHead(status).end(body));
  return clientOf(url, { credentials: CREDENTIALS })
    .submitConversion(SIGNUP)
    .then(
      () => expect.unreachable('it was accepted'),
      (error: Record<string, unknown>) => error,
    );
}

function expectRedacted({ message, fields }: Record<string, unknown>): void {
  const text = `${message} ${JSON.stringify(fields)}`;
  expect(text).toContain('[redacted]');
  for (const secret of [BASIC, CREDENTIALS.authToken]) {
    // Not even where they begin.
    const start = secret.slice(0, 8);
    expect(text.replaceAll('\\/', '/')).not.toContain(start);
    expect(text).not.toContain(encodeURIComponent(start));
  }
}

describe('an answer that echoes the credentials', () => {
  it.each([
    ['the message of a refusal', 400, JSON.stringify({ Status: 'ERROR', Message: `Basic ${BASIC}` })],
    [
      'the fields of a refusal',
      400,
      JSON.stringify({ Status: 'ERROR', Errors: [{ Field: CREDENTIALS.authToken, Message: BASIC }] }),
    ],
    ['a 401', 401, JSON.stringify({ Status: 'ERROR', Message: `No such token: ${CREDENTIALS.authToken}` })],
    ['a 503', 503, JSON.stringify({ Status: 'ERROR', Message: `Basic ${BASIC}` })],
    ['a page of a proxy', 404, `<html><pre>Authorization: Basic ${BASIC}</pre></html>`],
    ['JSON that escapes the slash', 200, `{"auth":"${CREDENTIALS.authToken.replaceAll('/', '\\/')}"}`],
    ['an address', 404, `<a href="?token=${encodeURIComponent(CREDENTIALS.authToken)}">`],
    ['an excerpt that would end within them', 404, `${'x'.repeat(190)}${CREDENTIALS.authToken}`],
  ])('%s is told without them', async (_where, status, body) => {
    expectRedacted(await errorOf(status, body));
  });
});

it('keeps the account, which is no secret', async () => {
  const error = await errorOf(404, 'no account IRtest here');
  expect(error.message).toContain('IRtest');
});
