import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { freePort } from '../../dev/ports.js';
import { RetryableImpactError } from '../../src/impact/errors.js';
import { CREDENTIALS, clientOf, SIGNUP, serverThat } from './support.js';

async function failureOf(url: string, timeoutMs = 2_000): Promise<RetryableImpactError> {
  const error = await clientOf(url, { timeoutMs })
    .submitConversion(SIGNUP)
    .then(
      () => undefined,
      (reason: unknown) => reason,
    );
  expect(error).toBeInstanceOf(RetryableImpactError);
  return error as RetryableImpactError;
}

const closedPort = async () => `http://127.0.0.1:${await freePort()}`;
const neverAnswers = () => serverThat(() => undefined);
const stallsInTheAnswer = () =>
  serverThat((_request, response) => {
    response.writeHead(200, { 'content-length': 100 }).write('{"Status":');
  });
const resets = () => serverThat((request) => request.socket.resetAndDestroy());
const breaksOffTheAnswer = () =>
  serverThat((_request, response) => {
    response.writeHead(200, { 'content-length': 100 });
    response.write('{"Status":', () => response.destroy());
  });

describe('a refused connection', () => {
  it('is retryable, and Impact has certainly not taken the conversion', async () => {
    expect(await failureOf(await closedPort())).toMatchObject({
      code: 'impact_unreachable',
      notTaken: true,
      message: 'No connection to Impact (ECONNREFUSED).',
    });
  });
});

describe('a name that does not resolve', () => {
  it('is retryable, and Impact has certainly not taken the conversion', async () => {
    expect(await failureOf('http://impact.invalid')).toMatchObject({
      code: 'impact_unreachable',
      notTaken: true,
    });
  });
});

describe('an answer after the time limit', () => {
  it('is retryable, and may be an acknowledgement', async () => {
    expect(await failureOf(await neverAnswers(), 100)).toMatchObject({
      code: 'impact_timeout',
      notTaken: false,
    });
  });

  it('includes an answer that stalls half-way', async () => {
    expect(await failureOf(await stallsInTheAnswer(), 100)).toMatchObject({
      code: 'impact_timeout',
      notTaken: false,
    });
  });
});

describe('a connection that breaks', () => {
  it.each([
    ['before the answer', resets],
    ['in the answer', breaksOffTheAnswer],
  ])('%s is retryable, and may hide an acknowledgement', async (_when, start) => {
    expect(await failureOf(await start())).toMatchObject({ code: 'impact_unavailable', notTaken: false });
  });
});

describe('no error', () => {
  it.each([
    ['of a refused connection', closedPort],
    ['of a timeout', neverAnswers],
    ['of a broken connection', resets],
    ['of rejected credentials', () => serverThat((_request, response) => response.writeHead(401).end())],
    ['of an unreadable answer', () => serverThat((_request, response) => response.end('garbage'))],
  ])('%s contains a credential, and neither do its causes', async (_what, start) => {
    const error = await clientOf(await start(), { timeoutMs: 100 })
      .submitConversion(SIGNUP)
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Error);
    const basic = btoa(`${CREDENTIALS.accountSid}:${CREDENTIALS.authToken}`);
    const everything = inspect(error, { depth: 20, showHidden: true });
    expect(everything).not.toContain(CREDENTIALS.authToken);
    expect(everything).not.toContain(basic);
  });
});
