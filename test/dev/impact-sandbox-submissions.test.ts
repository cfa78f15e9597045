import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY_MS, MINUTE_MS, sale, startTestSandbox, type TestSandbox } from './impact-sandbox-support.js';

let sandbox: TestSandbox;
beforeEach(async () => {
  sandbox = await startTestSandbox();
});
afterEach(() => sandbox.stop());

describe('a submission', () => {
  it('is the documented object', async () => {
    await sandbox.settings({ processingDelayMs: MINUTE_MS });
    const fields = sale({ OrderId: 'A-1' });
    const uri = await sandbox.submit(fields);
    await sandbox.plan({ orderId: 'A-1', errorReason: 'CONTRACT_NOT_FOUND RESTRICTED_PROMOCODE' });
    await sandbox.advance(MINUTE_MS);
    expect(await sandbox.get(uri)).toEqual({
      BatchId: expect.stringMatching(/^A-[0-9a-f-]{36}$/),
      AccountId: 10001,
      SubmissionDate: '2026-11-23T05:00:00-07:00',
      CampaignId: 48046,
      ActionTrackerId: 99999,
      EventCode: '',
      OrderId: 'A-1',
      Payload: new URLSearchParams(fields).toString(),
      Type: 'Conversion',
      Status: 'Complete',
      CompletionDate: '2026-11-23T05:01:00-07:00',
      ErrorType: 'Contract Error',
      ErrorReason: 'CONTRACT_NOT_FOUND RESTRICTED_PROMOCODE',
      Uri: uri,
    });
  });

  it('has no error and no completion date before it is complete', async () => {
    await sandbox.settings({ processing: 'manual' });
    const uri = await sandbox.submit();
    expect(await sandbox.get(uri)).toMatchObject({ CompletionDate: '', ErrorType: '', ErrorReason: '' });
  });

  it('names the event code of a conversion that has one', async () => {
    const { ActionTrackerId: _, ...fields } = sale();
    const uri = await sandbox.submit({ ...fields, EventTypeCode: 'SALE' });
    expect(await sandbox.get(uri)).toMatchObject({ EventCode: 'SALE', ActionTrackerId: 99999 });
  });

  it('is XML by default', async () => {
    await sandbox.settings({ processing: 'manual' });
    const uri = await sandbox.submit(sale({ OrderId: 'A-1' }));
    const xml = await (await sandbox.call('GET', uri, undefined, {})).text();
    expect(xml).toMatch(
      /^<ImpactRadiusResponse><ApiSubmission><BatchId>A-.*<Status>Queued<\/Status><CompletionDate\/>.*<\/ApiSubmission><\/ImpactRadiusResponse>$/,
    );
  });

  it('is JSON with a .json suffix', async () => {
    const uri = await sandbox.submit();
    const response = await sandbox.call('GET', `${uri}.json`, undefined, {});
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  });

  it('is kept for 90 days', async () => {
    const uri = await sandbox.submit();
    await sandbox.advance(90 * DAY_MS);
    expect((await sandbox.call('GET', uri)).status).toBe(200);
  });

  it('is gone after 90 days', async () => {
    const uri = await sandbox.submit();
    await sandbox.advance(90 * DAY_MS + 1);
    const response = await sandbox.call('GET', uri);
    expect([response.status, await response.json()]).toEqual([
      404,
      { Status: 'ERROR', Message: "Requested resource doesn't exist" },
    ]);
  });

  it('is unknown by another id', async () => {
    const uri = await sandbox.submit();
    expect((await sandbox.call('GET', `${uri}0`)).status).toBe(404);
  });

  it('is not listed', async () => {
    expect((await sandbox.call('GET', '/Advertisers/IRsandboxSid/APISubmissions')).status).toBe(405);
  });

  it('is not found with the conversion forgotten', async () => {
    const uri = await sandbox.submit(sale({ OrderId: 'A-1' }));
    await sandbox.control('DELETE', '/conversions?orderId=A-1');
    expect((await sandbox.call('GET', uri)).status).toBe(404);
  });

  it('is shown by order', async () => {
    const uri = await sandbox.submit(sale({ OrderId: 'A-1' }));
    await sandbox.submit(sale({ OrderId: 'A-2' }));
    const { submissions } = (await (await sandbox.control('GET', '/submissions?orderId=A-1')).json()) as {
      submissions: { Uri: string }[];
    };
    expect(submissions.map(({ Uri }) => Uri)).toEqual([uri]);
  });
});

describe('processing', () => {
  it('is done when somebody looks', async () => {
    expect(await sandbox.status(await sandbox.submit())).toBe('Complete');
  });

  it('leaves a submission Queued during the delay', async () => {
    await sandbox.settings({ processingDelayMs: MINUTE_MS });
    const uri = await sandbox.submit();
    await sandbox.advance(MINUTE_MS - 1);
    expect(await sandbox.status(uri)).toBe('Queued');
  });

  it('takes as long as it is set to, In Progress', async () => {
    await sandbox.settings({ processingDelayMs: MINUTE_MS, processingDurationMs: MINUTE_MS });
    const uri = await sandbox.submit();
    await sandbox.advance(MINUTE_MS);
    expect(await sandbox.status(uri)).toBe('In Progress');
  });

  it('is complete after the delay and the duration, whenever somebody looks', async () => {
    await sandbox.settings({ processingDelayMs: MINUTE_MS, processingDurationMs: MINUTE_MS });
    const uri = await sandbox.submit();
    await sandbox.advance(DAY_MS);
    expect(await sandbox.get(uri)).toMatchObject({
      Status: 'Complete',
      CompletionDate: '2026-11-23T05:02:00-07:00',
    });
  });

  it('takes its settings from the start', async () => {
    const manual = await startTestSandbox({ processing: 'manual' });
    const status = await manual.status(await manual.submit());
    await manual.stop();
    expect(status).toBe('Queued');
  });

  it('waits to be told when it is manual', async () => {
    await sandbox.settings({ processing: 'manual' });
    const uri = await sandbox.submit();
    await sandbox.advance(DAY_MS);
    expect(await sandbox.status(uri)).toBe('Queued');
  });

  it('completes everything when told', async () => {
    await sandbox.settings({ processing: 'manual' });
    const uris = [await sandbox.submit(), await sandbox.submit()];
    await sandbox.control('POST', '/process');
    expect([await sandbox.status(uris[0] ?? ''), await sandbox.status(uris[1] ?? '')]).toEqual([
      'Complete',
      'Complete',
    ]);
  });

  it('says how much it completed', async () => {
    await sandbox.settings({ processing: 'manual' });
    await sandbox.submit();
    await sandbox.submit();
    expect(await (await sandbox.control('POST', '/process')).json()).toEqual({ processed: 2 });
  });

  it('completes one order when told so', async () => {
    await sandbox.settings({ processing: 'manual' });
    const uris = [
      await sandbox.submit(sale({ OrderId: 'A-1' })),
      await sandbox.submit(sale({ OrderId: 'A-2' })),
    ];
    await sandbox.control('POST', '/process', { orderId: 'A-2' });
    expect([await sandbox.status(uris[0] ?? ''), await sandbox.status(uris[1] ?? '')]).toEqual([
      'Queued',
      'Complete',
    ]);
  });

  it('goes as far as In Progress when told so', async () => {
    await sandbox.settings({ processing: 'manual' });
    const uri = await sandbox.submit();
    await sandbox.control('POST', '/process', { status: 'In Progress' });
    expect(await sandbox.status(uri)).toBe('In Progress');
  });

  it('says what time it is at Impact', async () => {
    const response = await sandbox.advance(MINUTE_MS);
    expect(await response.json()).toEqual({ now: '2026-11-23T12:01:00.000Z' });
  });

  it.each([
    ['a clock that goes back', '/clock', { advanceMs: -1 }, 'advanceMs'],
    ['an unknown status', '/process', { status: 'Queued' }, 'status'],
    ['an unknown way of processing', '/settings', { processing: 'never' }, 'processing'],
    ['a misspelt setting', '/settings', { processingDelay: 1 }, 'processingDelay'],
  ])('refuses %s', async (_what, path, body, field) => {
    const response = await sandbox.control('POST', path, body);
    expect([response.status, await response.json()]).toEqual([
      400,
      { errors: [{ field, message: expect.any(String) }] },
    ]);
  });
});

describe('a duplicate', () => {
  const duplicate = ['Complete', 'Contract Error', 'CONV_DUPLICATE'];
  const accepted = ['Complete', '', ''];

  it('completes with an error', async () => {
    const fields = sale();
    await sandbox.submit(fields);
    expect(await sandbox.error(await sandbox.submit(fields))).toEqual(duplicate);
  });

  it('leaves the first submission without one', async () => {
    const fields = sale();
    const uri = await sandbox.submit(fields);
    await sandbox.submit(fields);
    expect(await sandbox.error(uri)).toEqual(accepted);
  });

  it('is recognised by the code of the event type', async () => {
    const { ActionTrackerId, ...fields } = sale();
    await sandbox.submit({ ...fields, ActionTrackerId });
    expect(await sandbox.error(await sandbox.submit({ ...fields, EventTypeCode: 'SALE' }))).toEqual(
      duplicate,
    );
  });

  it('is not what another event type reports of the same order', async () => {
    const fields = sale();
    await sandbox.submit(fields);
    expect(await sandbox.error(await sandbox.submit({ ...fields, ActionTrackerId: '68897' }))).toEqual(
      accepted,
    );
  });

  it('is not what follows a conversion that was refused', async () => {
    const fields = sale({ OrderId: 'A-1' });
    await sandbox.plan({ orderId: 'A-1', errorReason: 'MALFORMED' });
    await sandbox.submit(fields);
    await sandbox.control('POST', '/process');
    await sandbox.control('DELETE', '/outcomes?orderId=A-1');
    expect(await sandbox.error(await sandbox.submit(fields))).toEqual(accepted);
  });

  it('is one until the window ends', async () => {
    await sandbox.settings({ deduplicationWindowMs: DAY_MS });
    const fields = sale();
    await sandbox.submit(fields);
    await sandbox.advance(DAY_MS - 1);
    expect(await sandbox.error(await sandbox.submit(fields))).toEqual(duplicate);
  });

  it('is none once the window has ended', async () => {
    await sandbox.settings({ deduplicationWindowMs: DAY_MS });
    const fields = sale();
    await sandbox.submit(fields);
    await sandbox.advance(DAY_MS);
    expect(await sandbox.error(await sandbox.submit(fields))).toEqual(accepted);
  });

  it('is none without deduplication', async () => {
    await sandbox.settings({ deduplication: 'off' });
    const fields = sale();
    await sandbox.submit(fields);
    expect(await sandbox.error(await sandbox.submit(fields))).toEqual(accepted);
  });

  it('is none once the order is forgotten', async () => {
    const fields = sale({ OrderId: 'A-1' });
    await sandbox.submit(fields);
    await sandbox.control('DELETE', '/conversions?orderId=A-1');
    expect(await sandbox.error(await sandbox.submit(fields))).toEqual(accepted);
  });
});

describe('the catalogue', () => {
  const other = {
    campaignId: 1000,
    actionTrackers: [
      { id: 2240, code: 'LEAD' },
      { id: 2241, active: false },
    ],
  };

  it.each([
    ['an unknown campaign', { CampaignId: '1' }, 'CAMPAIGN_NOT_FOUND'],
    ['an unknown event type', { ActionTrackerId: '1' }, 'ACTIONTRACKER_NOT_FOUND'],
    [
      "another campaign's event type",
      { CampaignId: '1000', ActionTrackerId: '99999' },
      'ACTIONTRACKER_CAMPAIGN_MISMATCH',
    ],
    [
      'an event type that is not active',
      { CampaignId: '1000', ActionTrackerId: '2241' },
      'ACTIONTRACKER_NOT_ACTIVE',
    ],
  ])('gives %s away as an error', async (_what, fields, reason) => {
    await sandbox.settings({ campaigns: [other] });
    expect(await sandbox.error(await sandbox.submit(sale(fields)))).toEqual([
      'Complete',
      'Validation',
      reason,
    ]);
  });

  it('knows the campaigns it was started with, and no others', async () => {
    const started = await startTestSandbox({ campaigns: [other] });
    const known = await started.error(
      await started.submit(sale({ CampaignId: '1000', ActionTrackerId: '2240' })),
    );
    const unknown = await started.error(await started.submit());
    await started.stop();
    expect([known[2], unknown[2]]).toEqual(['', 'CAMPAIGN_NOT_FOUND']);
  });

  it('keeps the campaigns it has when one is added', async () => {
    await sandbox.settings({ campaigns: [other] });
    expect(await sandbox.error(await sandbox.submit())).toEqual(['Complete', '', '']);
  });

  it('replaces a campaign it has', async () => {
    await sandbox.settings({ campaigns: [{ campaignId: 48046, actionTrackers: [] }] });
    expect((await sandbox.error(await sandbox.submit()))[2]).toBe('ACTIONTRACKER_NOT_FOUND');
  });
});

describe('a planned outcome', () => {
  it('is the error of its order', async () => {
    await sandbox.plan({ orderId: 'A-1', errorReason: 'CONTRACT_NOT_FOUND' });
    const uri = await sandbox.submit(sale({ OrderId: 'A-1' }));
    expect(await sandbox.error(uri)).toEqual(['Complete', 'Contract Error', 'CONTRACT_NOT_FOUND']);
  });

  it('has the error type it is given', async () => {
    await sandbox.plan({ orderId: 'A-1', errorReason: 'CONTRACT_NOT_FOUND', errorType: 'Validation' });
    const uri = await sandbox.submit(sale({ OrderId: 'A-1' }));
    expect(await sandbox.error(uri)).toEqual(['Complete', 'Validation', 'CONTRACT_NOT_FOUND']);
  });

  it('leaves other orders alone', async () => {
    await sandbox.plan({ orderId: 'A-1', errorReason: 'CONTRACT_NOT_FOUND' });
    expect(await sandbox.error(await sandbox.submit())).toEqual(['Complete', '', '']);
  });

  it('may be that nobody is credited, which is no error', async () => {
    await sandbox.plan({ orderId: 'A-1', attributed: false });
    const uri = await sandbox.submit(sale({ OrderId: 'A-1' }));
    expect(await sandbox.error(uri)).toEqual(['Complete', '', '']);
  });

  it('may be that the submission is stuck', async () => {
    await sandbox.plan({ orderId: 'A-1', stuck: true });
    const uri = await sandbox.submit(sale({ OrderId: 'A-1' }));
    await sandbox.control('POST', '/process');
    await sandbox.advance(DAY_MS);
    expect(await sandbox.status(uri)).toBe('Queued');
  });

  it('lets others pass the one that is stuck', async () => {
    await sandbox.plan({ orderId: 'A-1', stuck: true });
    await sandbox.submit(sale({ OrderId: 'A-1' }));
    expect(await sandbox.status(await sandbox.submit())).toBe('Complete');
  });

  it('ends when it is withdrawn', async () => {
    await sandbox.plan({ orderId: 'A-1', stuck: true });
    const uri = await sandbox.submit(sale({ OrderId: 'A-1' }));
    await sandbox.control('DELETE', '/outcomes?orderId=A-1');
    expect(await sandbox.status(uri)).toBe('Complete');
  });

  it('completes what was stuck when it was let go, not before', async () => {
    await sandbox.plan({ orderId: 'A-1', stuck: true });
    const uri = await sandbox.submit(sale({ OrderId: 'A-1' }));
    await sandbox.advance(DAY_MS);
    await sandbox.status(uri);
    await sandbox.control('DELETE', '/outcomes');
    expect((await sandbox.get(uri)).CompletionDate).toBe('2026-11-24T05:00:00-07:00');
  });

  it('takes the place of the one before', async () => {
    await sandbox.plan({ orderId: 'A-1', stuck: true });
    await sandbox.plan({ orderId: 'A-1', errorReason: 'MALFORMED' });
    const response = await sandbox.control('GET', '/outcomes');
    expect(await response.json()).toEqual({
      outcomes: [{ orderId: 'A-1', type: 'Conversion', errorReason: 'MALFORMED' }],
    });
  });

  it.each([
    ['no outcome', { orderId: 'A-1' }, 'errorReason'],
    ['two outcomes', { orderId: 'A-1', stuck: true, attributed: false }, 'errorReason'],
    ['no order', { stuck: true }, 'orderId'],
    ['a sentence for a reason', { orderId: 'A-1', errorReason: 'Not found' }, 'errorReason'],
    ['a misspelt field', { orderId: 'A-1', stuck: true, reason: '' }, 'reason'],
  ])('is refused with %s', async (_what, outcome, field) => {
    const response = await sandbox.plan(outcome);
    expect([response.status, await response.json()]).toEqual([
      400,
      { errors: [{ field, message: expect.any(String) }] },
    ]);
  });
});
