import { describe, expect, it } from 'vitest';
import { createLogger } from '../src/logger.js';

const IMPACT_TOKEN = 'impact/token+with"quote';
const BASIC = Buffer.from(`IRsid:${IMPACT_TOKEN}`).toString('base64');
const MONGO_PASSWORD = 'pw-of-mongo';
const TEMPORAL_KEY = 'temporal-key-1234';
const SESSION_TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1c2VyXzEifQ.c2lnbmF0dXJl';

/** The lines that are written where `log` logs, each of them JSON. */
function written(log: (logger: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = [];
  const destination = { write: (line: string) => lines.push(line) };
  log(createLogger('info', { secrets: [IMPACT_TOKEN, BASIC, MONGO_PASSWORD, TEMPORAL_KEY], destination }));
  expect(lines).toHaveLength(1);
  expect(lines[0]?.endsWith('}\n')).toBe(true);
  JSON.parse(lines[0] ?? '');
  return lines[0] ?? '';
}

const KNOWN: [string, string][] = [
  ['the auth token of Impact', IMPACT_TOKEN],
  ['the auth token of Impact in a form', new URLSearchParams({ token: IMPACT_TOKEN }).toString().slice(6)],
  ['the basic header of Impact without its scheme', BASIC],
  ['the password of MongoDB', MONGO_PASSWORD],
  ['the key of Temporal', TEMPORAL_KEY],
];

const FOREIGN: [string, string, string][] = [
  ['a bearer token', `Authorization: Bearer ${SESSION_TOKEN}`, SESSION_TOKEN],
  ['an opaque bearer token', 'sent Bearer abcdef-0123', 'abcdef-0123'],
  ['a JWT on its own', `token ${SESSION_TOKEN} expired`, SESSION_TOKEN],
  ['a bearer token on a line of its own', 'refused:\nBearer abcdef-0123\n', 'abcdef-0123'],
  ['a basic header', 'got "Basic dXNlcjpwYXNzd29yZA==" instead', 'dXNlcjpwYXNzd29yZA'],
  ['the password in a URI', 'cannot reach mongodb+srv://app:p%40ss@db.example.com/x', 'p%40ss'],
  ['the password in a URI of many hosts', 'mongodb://app:hunter2@a:1,b:2/x?y', 'hunter2'],
  ['a cookie', 'GET / HTTP/1.1\r\nCookie: __session=abc123; im_ref=x\r\nHost: a', 'abc123'],
  ['JSON that was echoed', JSON.stringify({ authToken: 'opaque-value', password: 'other-value' }), 'e-value'],
];

describe('a secret of the process', () => {
  it.each(KNOWN)('%s is taken out of messages, errors and fields', (_, secret) => {
    expectNowhere(`it said ${secret}.`, secret);
    expectNowhere(JSON.stringify({ echoed: { secret } }), secret);
  });
});

describe('a secret of somebody else', () => {
  it.each(FOREIGN)('%s is taken out of messages, errors and fields', (_, text, secret) => {
    expectNowhere(text, secret);
  });

  it('is known by the name of its field', () => {
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
});

it('leaves a line without secrets as it is', () => {
  const said = {
    conversionId: 'sale_subscription:A-1',
    url: 'http://127.0.0.1:3000/v1/conversions?a=b@c',
    note: 'basic auth, the bearer of bad news; 10:30 a@b',
  };
  expect(JSON.parse(written((logger) => logger.info(said, 'the API listens')))).toMatchObject({
    ...said,
    msg: 'the API listens',
  });
});

it('leaves a password alone that is a mere word', () => {
  const lines: string[] = [];
  const logger = createLogger('info', {
    secrets: ['app'],
    destination: { write: (line) => lines.push(line) },
  });
  logger.info('what happened');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ msg: 'what happened' });
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
