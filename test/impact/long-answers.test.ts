import { describe, expect, it } from 'vitest';
import { MAX_ITEMS, MAX_TEXT } from '../../src/domain/foreign-text.js';
import { PermanentImpactError, RetryableImpactError } from '../../src/impact/errors.js';
import { clientOf, outcomeOf, serverThat } from './support.js';

const LONG = 'x'.repeat(500_000);

type Failure = PermanentImpactError | RetryableImpactError;

async function failureOf(status: number, body: unknown): Promise<Failure> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return (await outcomeOf(status, text)) as Failure;
}

describe('a long text of Impact', () => {
  it.each([
    ['a refusal', 400, 'impact_refused'],
    ['a refusal with HTTP 200', 200, 'impact_refused'],
    ['rejected credentials', 401, 'credentials_rejected'],
    ['a rate limit', 429, 'impact_rate_limited'],
    ['an outage', 503, 'impact_unavailable'],
  ])('is cut in the message and the fields of %s', async (_what, status, code) => {
    const error = await failureOf(status, {
      Status: 'ERROR',
      Message: LONG,
      Errors: [{ Field: 'ClickId', Message: LONG }],
    });
    expect(error.code).toBe(code);
    expect(error.message).toHaveLength(MAX_TEXT);
    expect(error.message).toMatch(/x…$/);
    expect(JSON.stringify(error.fields).length).toBeLessThan(2 * MAX_TEXT);
  });

  it('is cut in XML as well', async () => {
    const error = await failureOf(
      400,
      `<ImpactRadiusResponse><Status>ERROR</Status><Message>${LONG}</Message></ImpactRadiusResponse>`,
    );
    expect(error).toMatchObject({ code: 'impact_refused', message: expect.stringMatching(/^.{999}…$/) });
  });

  it('is on one line, and shows invisible characters as escapes', async () => {
    const error = await failureOf(400, {
      Status: 'ERROR',
      Message: 'no\n\u001b[2J \u202esdrawkcab',
      Errors: [{ Field: 'Click\u200bId', Message: 'a\u0000b' }],
    });
    expect(error.message).toBe(
      'Impact refused the request (HTTP 400): no \\u001b[2J \\u202esdrawkcab; Click\\u200bId: a\\u0000b.',
    );
    expect(error.fields).toEqual([{ field: 'Click\\u200bId', message: 'a\\u0000b' }]);
  });

  it('takes no time to be searched for secrets, whatever it consists of', async () => {
    const startedAt = performance.now();
    await failureOf(400, { Status: 'ERROR', Message: `password ${'\\'.repeat(400_000)}` });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});

describe('a list of Impact', () => {
  it('of many fields names the first of them, and how many there are more', async () => {
    const errors = Array.from({ length: 5_000 }, (_, index) => ({ Field: `F${index}`, Message: 'no' }));
    const { fields } = await failureOf(400, { Status: 'ERROR', Errors: errors });
    expect(fields).toHaveLength(MAX_ITEMS);
    expect(fields[0]).toEqual({ field: 'F0', message: 'no' });
    expect(fields.at(-1)).toEqual({ field: '…', message: 'and 4981 more' });
  });

  it('may be nested at any depth', async () => {
    const error = await failureOf(
      400,
      `{"Status":"ERROR","Errors":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
    );
    expect(error).toMatchObject({ code: 'impact_refused', fields: [] });
  });
});

describe('an answer that is longer than any of Impact', () => {
  const HUGE = 'x'.repeat(3_000_000);

  it.each([400, 404, 422])('is a refusal with HTTP %i, which is not sent again', async (status) => {
    const error = await failureOf(status, { Status: 'ERROR', Message: HUGE });
    expect(error).toBeInstanceOf(PermanentImpactError);
    expect(error).toMatchObject({ code: 'impact_refused', httpStatus: status, notTaken: true });
    expect(error.message).toMatch(
      /^Impact refused the request .*too long.*"\{"Status":"ERROR","Message":"x+"$/,
    );
    expect(error.message.length).toBeLessThan(MAX_TEXT);
  });

  it.each([
    [401, { code: 'credentials_rejected' }],
    [429, { code: 'impact_rate_limited', notTaken: true }],
    [503, { code: 'impact_unavailable', notTaken: true }],
    [502, { code: 'impact_unavailable', notTaken: false }],
    [307, { code: 'impact_unreadable', notTaken: true }],
  ])('is what its status says, with HTTP %i', async (status, expected) => {
    expect(await failureOf(status, HUGE)).toMatchObject(expected);
  });

  it('may be an acknowledgement with HTTP 200', async () => {
    const error = await failureOf(200, { Status: 'QUEUED', Message: HUGE });
    expect(error).toBeInstanceOf(RetryableImpactError);
    expect(error).toMatchObject({ code: 'impact_unreadable', notTaken: false });
    expect(error.message).toContain('it is too long, and begins with "{"Status":"QUEUED"');
  });

  it('is not read to its end', async () => {
    const chunk = Buffer.alloc(65_536, 'x');
    let sentBytes = 0;
    let close = () => {};
    const closed = new Promise<void>((resolve) => {
      close = resolve;
    });
    const url = await serverThat((_request, response) => {
      const send = () => {
        while (!response.destroyed && response.write(chunk)) sentBytes += chunk.length;
      };
      response.writeHead(400).on('drain', send).on('close', close);
      send();
    });
    await expect(clientOf(url).getSubmission('A-1')).rejects.toMatchObject({ code: 'impact_refused' });
    await closed;
    expect(sentBytes).toBeLessThan(20_000_000);
  });
});

describe('the address of a queued request', () => {
  it.each([
    ['is too long', 'x'.repeat(256)],
    ['is no address', 'A 1\u0000'],
    ['is empty', ''],
  ])('is left out where it %s, and the acknowledgement stays one', async (_what, QueuedUri) => {
    expect(await outcomeOf(200, JSON.stringify({ Status: 'QUEUED', QueuedUri }))).toEqual({});
  });
});
