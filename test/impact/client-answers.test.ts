import { describe, expect, it } from 'vitest';
import { startImpactSandbox } from '../../dev/impact-sandbox/index.js';
import { PermanentImpactError, RetryableImpactError } from '../../src/impact/errors.js';
import { CREDENTIALS, clientOf, outcomeOf, SIGNUP, serverThat } from './support.js';

const XML = { 'content-type': 'application/xml' };
const URI = '/Advertisers/IRtest/APISubmissions/A-1234bcd5';

function expectError(outcome: unknown, type: typeof PermanentImpactError | typeof RetryableImpactError) {
  expect(outcome).toBeInstanceOf(type);
  return expect(outcome);
}

describe('an acknowledgement', () => {
  it.each([
    ['QUEUED as JSON', `{"Status":"QUEUED","QueuedUri":"${URI}"}`],
    [
      'QUEUED as XML',
      `<ImpactRadiusResponse><Status>QUEUED</Status><QueuedUri>${URI}</QueuedUri></ImpactRadiusResponse>`,
    ],
    [
      'QUEUED as XML with a prolog',
      `<?xml version="1.0" encoding="UTF-8"?>\n<ImpactRadiusResponse><Status>QUEUED</Status><QueuedUri>${URI}</QueuedUri></ImpactRadiusResponse>`,
    ],
    ['keys in lower case', `{"status":"queued","queuedUri":"${URI}"}`],
  ])('is read from %s, with the address of the queued request', async (_what, body) => {
    expect(await outcomeOf(200, body)).toEqual({ queuedUri: URI });
  });

  it.each([
    [
      'OK, for a request that Impact completed at once',
      '{"Status":"OK","Uri":"/Advertisers/IRtest/Actions/1"}',
    ],
    ['QUEUED without an address', '{"Status":"QUEUED"}'],
    // If these counted as unreadable, the conversion would be sent again.
    ['QUEUED beside empty errors', '{"Status":"QUEUED","Message":null,"Errors":null}'],
    ['QUEUED beside errors of an unknown shape', '{"Status":"QUEUED","Errors":{"Warning":"late"}}'],
    [
      'QUEUED beside an empty element of errors',
      '<ImpactRadiusResponse><Status>QUEUED</Status><Errors/></ImpactRadiusResponse>',
    ],
  ])('is %s', async (_what, body) => {
    expect(await outcomeOf(200, body)).toEqual({});
  });
});

describe('a refusal', () => {
  it.each([
    [
      'JSON in the general shape',
      '{"Status":"ERROR","Message":"Validation Failed","Errors":[{"Field":"OrderId","Message":"Required"}]}',
      {},
    ],
    [
      'JSON in the shape of the v14 specification',
      '{"Status":"ERROR","errors":[{"field":"OrderId","level":"ERROR","message":"Required"}]}',
      {},
    ],
    [
      'XML',
      '<ImpactRadiusResponse><Status>ERROR</Status><Message>Validation Failed</Message><Errors><Error>' +
        '<Field>OrderId</Field><Message>Required</Message></Error></Errors></ImpactRadiusResponse>',
      XML,
    ],
  ])('in %s names the fields', async (_what, body, headers) => {
    expectError(await outcomeOf(400, body, headers), PermanentImpactError).toMatchObject({
      code: 'impact_refused',
      httpStatus: 400,
      notTaken: true,
      fields: [{ field: 'OrderId', message: 'Required' }],
    });
  });

  it("quotes Impact's answer in its message", async () => {
    const body =
      '{"Status":"ERROR","Message":"Validation Failed","Errors":[{"Field":"OrderId","Message":"Required"}]}';
    expect(await outcomeOf(400, body)).toMatchObject({
      message: 'Impact refused the request (HTTP 400): Validation Failed; OrderId: Required.',
    });
  });

  it('does not repeat the click id, which Temporal would keep', async () => {
    const { clickId } = SIGNUP;
    const Errors = [{ Field: 'ClickId', Message: `"${clickId}" is unknown` }];
    const body = JSON.stringify({ Status: 'ERROR', Message: `No click ${clickId}`, Errors });
    expect(await outcomeOf(400, body)).toMatchObject({
      message: expect.stringContaining('No click [redacted]'),
      fields: [{ field: 'ClickId', message: '"[redacted]" is unknown' }],
    });
  });

  it('in XML names each of several fields', async () => {
    const error = (field: string) => `<Error><Field>${field}</Field><Message>Required</Message></Error>`;
    const body = `<ImpactRadiusResponse><Status>ERROR</Status><Errors>${error('OrderId')}${error('ClickId')}</Errors></ImpactRadiusResponse>`;
    expect(await outcomeOf(400, body, XML)).toMatchObject({
      fields: [{ field: 'OrderId' }, { field: 'ClickId' }],
    });
  });

  it.each([
    ['no errors', '{"Status":"ERROR","Message":"Validation Failed"}'],
    ['errors in an unknown shape', '{"Status":"ERROR","Errors":"OrderId"}'],
    ['a message that is not a string', '{"Status":"ERROR","Message":{"en":"no"}}'],
  ])('with %s is still a refusal', async (_what, body) => {
    expectError(await outcomeOf(400, body), PermanentImpactError).toMatchObject({
      code: 'impact_refused',
      fields: [],
    });
  });

  it('may come with HTTP 200', async () => {
    expectError(
      await outcomeOf(200, '{"Status":"ERROR","Message":"no"}'),
      PermanentImpactError,
    ).toMatchObject({
      code: 'impact_refused',
      httpStatus: 200,
      notTaken: true,
    });
  });

  it.each([402, 404, 405])('may come with HTTP %i', async (status) => {
    expectError(await outcomeOf(status, '{"Status":"ERROR"}'), PermanentImpactError).toMatchObject({
      code: 'impact_refused',
      httpStatus: status,
    });
  });

  it.each(['general', 'v14'] as const)('of the sandbox, in its %s format, is read', async (errorShape) => {
    const sandbox = await startImpactSandbox({ ...CREDENTIALS, errorShape });
    const report = { ...SIGNUP, orderId: 'x'.repeat(65) };
    const outcome = await clientOf(sandbox.url)
      .submitConversion(report)
      .catch((error: unknown) => error)
      .finally(() => sandbox.stop());
    expectError(outcome, PermanentImpactError).toMatchObject({
      code: 'impact_refused',
      fields: [{ field: 'OrderId', message: 'Longer than 64 characters' }],
    });
  });
});

describe('rejected credentials', () => {
  it.each([401, 403])('(HTTP %i) are permanent, with any body', async (status) => {
    expectError(await outcomeOf(status, '<html>no</html>'), PermanentImpactError).toMatchObject({
      code: 'credentials_rejected',
      httpStatus: status,
      notTaken: true,
    });
  });

  it.each([
    ['a wrong token', { ...CREDENTIALS, authToken: 'other' }],
    ['a wrong account', { ...CREDENTIALS, accountSid: 'IRother' }],
  ])("are the sandbox's answer to %s", async (_what, credentials) => {
    const sandbox = await startImpactSandbox(CREDENTIALS);
    const outcome = await clientOf(sandbox.url, { credentials })
      .submitConversion(SIGNUP)
      .catch((error: unknown) => error)
      .finally(() => sandbox.stop());
    expect(outcome).toMatchObject({ code: 'credentials_rejected' });
  });
});

describe('an outage', () => {
  it.each([
    [408, true],
    [500, true],
    [502, false],
    [503, true],
    [504, false],
  ])('(HTTP %i) is retryable; notTaken is %s', async (status, notTaken) => {
    expectError(await outcomeOf(status, '<html>Bad Gateway</html>'), RetryableImpactError).toMatchObject({
      code: 'impact_unavailable',
      httpStatus: status,
      notTaken,
      retryAfterMs: undefined,
    });
  });
});

describe('an unreadable answer', () => {
  it.each([
    ['an empty body', 200, ''],
    ['a cut body', 200, '{"Status":"QUE'],
    ['a page of HTML', 200, '<html><body>Welcome</body></html>'],
    ['broken XML', 200, '<ImpactRadiusResponse><Status>QUEUED</Stat'],
    ['JSON without a status', 200, '{"QueuedUri":"/x"}'],
    ['a status that is not a string', 200, '{"Status":null}'],
    ['a status of an unknown kind', 200, '{"Status":"PENDING"}'],
    ['JSON that is not an object', 200, '"QUEUED"'],
  ])('(%s) is retryable, and may be an acknowledgement', async (_what, status, body) => {
    expectError(await outcomeOf(status, body), RetryableImpactError).toMatchObject({
      code: 'impact_unreadable',
      httpStatus: status,
      notTaken: false,
    });
  });

  it.each([
    ['in HTML', 400, '<html>Request blocked</html>'],
    ['without a body', 404, ''],
  ])('(a refusal %s) is retryable, and Impact took nothing', async (_what, status, body) => {
    expectError(await outcomeOf(status, body), RetryableImpactError).toMatchObject({
      code: 'impact_unreadable',
      httpStatus: status,
      notTaken: true,
    });
  });

  it('is quoted: its first 200 characters, in printable ASCII', async () => {
    const outcome = (await outcomeOf(400, `<html>\n\u0007${'é'.repeat(50)}${'x'.repeat(300)}`)) as Error;
    expect(outcome.message).toBe(
      `Impact's answer cannot be read (HTTP 400): "<html> ${'x'.repeat(200 - 58)}"`,
    );
  });

  it('may be a redirect, which the client does not follow with the credentials', async () => {
    const followed: string[] = [];
    const elsewhere = await serverThat((request, response) => {
      followed.push(String(request.headers.authorization));
      response.end('{"Status":"QUEUED"}');
    });
    expect(await outcomeOf(307, '', { location: elsewhere })).toMatchObject({ code: 'impact_unreadable' });
    expect(followed).toEqual([]);
  });
});
