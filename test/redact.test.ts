import { describe, expect, it } from 'vitest';
import { createLogger } from '../src/logger.js';
import { clientOf, SIGNUP, serverThat } from './impact/support.js';

// With characters that Base64, JSON and URLs write differently.
const CREDENTIALS = { accountSid: 'IRtest', authToken: 'to?k/en+~="ÿÿ' };
const IMPACT_TOKEN = CREDENTIALS.authToken;
const BASIC = Buffer.from(`${CREDENTIALS.accountSid}:${IMPACT_TOKEN}`).toString('base64');
const MONGO_PASSWORD = 'pw-of-mongo';
const TEMPORAL_KEY = 'temporal-key-1234';
const SESSION_TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1c2VyXzEifQ.c2lnbmF0dXJl';
const SECRETS = [IMPACT_TOKEN, BASIC, MONGO_PASSWORD, TEMPORAL_KEY];

/** The one line that `log` writes, which must be JSON. */
function written(log: (logger: ReturnType<typeof createLogger>) => void, secrets = SECRETS): string {
  const lines: string[] = [];
  log(createLogger('info', { secrets, destination: { write: (line: string) => lines.push(line) } }));
  expect(lines).toHaveLength(1);
  expect(lines[0]?.endsWith('}\n')).toBe(true);
  JSON.parse(lines[0] ?? '');
  return lines[0] ?? '';
}

const OWN: [string, string][] = [
  ["Impact's auth token", IMPACT_TOKEN],
  ["Impact's auth token, form-encoded", new URLSearchParams({ token: IMPACT_TOKEN }).toString().slice(6)],
  ["Impact's basic header without its scheme", BASIC],
  ["MongoDB's password", MONGO_PASSWORD],
  ["Temporal's API key", TEMPORAL_KEY],
];

const FOREIGN: [string, string, string][] = [
  ['a bearer token', `Authorization: Bearer ${SESSION_TOKEN}`, SESSION_TOKEN],
  ['an opaque bearer token', 'sent Bearer abcdef-0123', 'abcdef-0123'],
  ['a JWT on its own', `token ${SESSION_TOKEN} expired`, SESSION_TOKEN],
  ['a bearer token on a line of its own', 'refused:\nBearer abcdef-0123\n', 'abcdef-0123'],
  ['a basic header', 'got "Basic dXNlcjpwYXNzd29yZA==" instead', 'dXNlcjpwYXNzd29yZA'],
  ['the password in a URI', 'cannot reach mongodb+srv://app:p%40ss@db.example.com/x', 'p%40ss'],
  ['the password in a URI with several hosts', 'mongodb://app:hunter2@a:1,b:2/x?y', 'hunter2'],
  ['a cookie', 'GET / HTTP/1.1\r\nCookie: __session=abc123; im_ref=x\r\nHost: a', 'abc123'],
  ['echoed JSON', JSON.stringify({ authToken: 'opaque-value', password: 'other-value' }), 'e-value'],
];

describe('in a log line', () => {
  it.each(OWN)('%s is removed from messages, errors and fields', (_, secret) => {
    expectNowhere(`it said ${secret}.`, secret);
    expectNowhere(JSON.stringify({ echoed: { secret } }), secret);
  });

  it.each(FOREIGN)('%s of another system is removed from messages, errors and fields', (_, text, secret) => {
    expectNowhere(text, secret);
  });

  it('a secret is recognised by the name of its field', () => {
    const line = written((logger) =>
      logger.info({
        request: {
          headers: { Authorization: 'opaque-1', cookie: ['opaque-2', 'a]b"c opaque-3'] },
          url: '/v1',
        },
        connection: { apiKey: 'opaque-4', credentials: { sid: 'opaque-5' } },
        rawHeaders: ['Cookie', 'opaque-6'],
      }),
    );
    expect(line).not.toContain('opaque-');
    expect(JSON.parse(line)).toMatchObject({ request: { url: '/v1' } });
  });

  it('everything else stays unchanged', () => {
    const fields = {
      conversionId: 'sale_subscription:A-1',
      url: 'http://127.0.0.1:3000/v1/conversions?a=b@c',
      note: 'basic auth, the bearer of bad news; Basic authentication failed; 10:30 a@b',
    };
    expect(JSON.parse(written((logger) => logger.info(fields, 'the API listens')))).toMatchObject({
      ...fields,
      msg: 'the API listens',
    });
  });

  it('a password that is an ordinary word stays', () => {
    const line = written((logger) => logger.info('what happened'), ['app']);
    expect(JSON.parse(line)).toMatchObject({ msg: 'what happened' });
  });
});

describe('a log line', () => {
  it('has the characters that a terminal obeys as escapes, in messages, fields, names and errors', () => {
    const evil = 'a\u202eb\u009b\u2028\u001b[31m';
    const line = written((logger) => logger.error({ err: new Error(evil), [evil]: [evil] }, evil));
    expect(line).toMatch(/^[\x20-\x7e]*\n$/);
    expect(JSON.parse(line)).toMatchObject({ msg: evil, [evil]: [evil], err: { message: evil } });
  });

  it('has the beginning of a long error, and where it came from', () => {
    const error = new Error('m'.repeat(500_000), { cause: new Error('c'.repeat(500_000)) });
    const line = written((logger) => logger.error({ err: error }, 'it failed'));
    expect(line.length).toBeLessThan(20_000);
    expect(JSON.parse(line).err.stack).toContain('redact.test.ts');
  });
});

function expectNowhere(text: string, secret: string): void {
  const error = new Error(text, { cause: new Error(text) });
  Object.assign(error, { code: text });
  const line = written((logger) =>
    logger.child({ bound: text }).error({ err: error, [text]: text, deep: { list: [text, { text }] } }, text),
  );
  for (const spelling of [secret, JSON.stringify(secret).slice(1, -1)]) expect(line).not.toContain(spelling);
  expect(line).toContain('[redacted]');
}

describe("in the error for Impact's answer, the credentials are removed from", () => {
  it.each([
    ['the message of a refusal', 400, JSON.stringify({ Status: 'ERROR', Message: `Basic ${BASIC}` })],
    [
      'the fields of a refusal',
      400,
      JSON.stringify({ Status: 'ERROR', Errors: [{ Field: IMPACT_TOKEN, Message: BASIC }] }),
    ],
    ['a 401', 401, JSON.stringify({ Status: 'ERROR', Message: `No such token: ${IMPACT_TOKEN}` })],
    ['a 503', 503, JSON.stringify({ Status: 'ERROR', Message: `Basic ${BASIC}` })],
    ["a proxy's page", 404, `<html><pre>Authorization: Basic ${BASIC}</pre></html>`],
    ['Base64 without its padding', 404, `<html>${BASIC.replace(/=+$/, '')}</html>`],
    ['JSON with escaped slashes', 200, JSON.stringify({ auth: IMPACT_TOKEN }).replaceAll('/', '\\/')],
    ['a URL', 404, `<a href="?token=${encodeURIComponent(IMPACT_TOKEN)}">`],
    ['an excerpt that would end within them', 404, `${'x'.repeat(190)}${IMPACT_TOKEN}`],
  ])('%s', async (_where, status, body) => {
    const { message, fields } = await errorOf(status, body);
    const text = `${message} ${JSON.stringify(fields)}`;
    expect(text).toContain('[redacted]');
    for (const secret of [BASIC, IMPACT_TOKEN]) {
      // Not even their first characters remain.
      const start = secret.slice(0, 8);
      expect(text.replaceAll('\\/', '/')).not.toContain(start);
      expect(text).not.toContain(encodeURIComponent(start));
    }
  });
});

it('keeps the account id, which is no secret: every URL contains it', async () => {
  const error = await errorOf(404, 'no account IRtest here');
  expect(error.message).toContain('IRtest');
});

/** The error of a call that gets this answer. */
async function errorOf(status: number, body: string): Promise<Record<string, unknown>> {
  const url = await serverThat((_request, response) => response.writeHead(status).end(body));
  return clientOf(url, { credentials: CREDENTIALS })
    .submitConversion(SIGNUP)
    .then(
      () => expect.unreachable('it was accepted'),
      (error: Record<string, unknown>) => error,
    );
}
