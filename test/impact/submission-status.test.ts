import { describe, expect, it } from 'vitest';
import { MAX_ITEMS, MAX_NAME } from '../../src/domain/foreign-text.js';
import { clientOf, serverThat } from './support.js';

const CLICK = 'click-of-a-person';

/** What the client reads from this answer about a submission. */
async function submissionOf(answer: Record<string, unknown>) {
  const url = await serverThat((_request, response) => response.end(JSON.stringify(answer)));
  return clientOf(url).getSubmission('/Advertisers/IRtest/APISubmissions/A-1', CLICK);
}

const reasonsOf = async (ErrorReason: unknown, fields = {}) =>
  submissionOf({ Status: 'Complete', ErrorReason, ...fields });

const complete = (...errorReasons: string[]) => ({ state: 'complete', errorReasons });

describe('the status of a submission', () => {
  it.each([
    'Queued',
    'QUEUED',
    'In Progress',
    'in progress',
    'INPROGRESS',
    'IN_PROGRESS',
    'Processing',
    'pending',
  ])('is "not yet" as %s', async (Status) => {
    expect(await submissionOf({ Status })).toEqual({ state: 'processing' });
  });

  it.each(['Complete', 'COMPLETE', 'COMPLETED', 'completed', ' Complete '])(
    'is "done" as %s',
    async (Status) => {
      expect(await submissionOf({ Status })).toEqual(complete());
      expect(await submissionOf({ Status, ErrorType: '', ErrorReason: 'NO_ITEM' })).toEqual(
        complete('NO_ITEM'),
      );
    },
  );

  it.each(['Failed', 'FAILURE', 'Rejected'])('is an error as %s, also without a reason', async (Status) => {
    expect(await submissionOf({ Status })).toEqual(complete(`Status ${Status}`));
    expect(await submissionOf({ Status, ErrorType: 'Validation' })).toEqual(complete('Validation'));
    expect(await submissionOf({ Status, ErrorReason: 'NO_ITEM' })).toEqual(complete('NO_ITEM'));
  });

  it('is returned as it is where this version does not know it', async () => {
    expect(await submissionOf({ Status: 'On\u202e Hold' })).toEqual({
      state: 'unfamiliar',
      status: 'On\\u202e Hold',
    });
  });

  it('is cut where it is long', async () => {
    expect(await submissionOf({ Status: 'x'.repeat(10_000) })).toEqual({
      state: 'unfamiliar',
      status: `${'x'.repeat(MAX_NAME - 1)}…`,
    });
  });

  it.each([[undefined], [null], [''], [7], [['Complete']]])('is unreadable as %j', async (Status) => {
    await expect(submissionOf({ Status })).rejects.toMatchObject({ code: 'impact_unreadable' });
  });

  it('is read whatever the case of the keys', async () => {
    expect(await submissionOf({ status: 'complete', errorReason: 'NO_ITEM' })).toEqual(complete('NO_ITEM'));
  });
});

describe('the reasons of a submission', () => {
  it.each([
    ['CONTRACT_NOT_FOUND RESTRICTED_PROMOCODE'],
    ['CONTRACT_NOT_FOUND,RESTRICTED_PROMOCODE'],
    ['CONTRACT_NOT_FOUND, RESTRICTED_PROMOCODE'],
    ['CONTRACT_NOT_FOUND;RESTRICTED_PROMOCODE;'],
    ['CONTRACT_NOT_FOUND\r\nRESTRICTED_PROMOCODE'],
    [['CONTRACT_NOT_FOUND', 'RESTRICTED_PROMOCODE']],
  ])('are separate in %j', async (reason) => {
    expect(await reasonsOf(reason)).toEqual(complete('CONTRACT_NOT_FOUND', 'RESTRICTED_PROMOCODE'));
  });

  it('may be in a field in the plural', async () => {
    expect(await submissionOf({ Status: 'Complete', ErrorReasons: ['NO_ITEM'] })).toEqual(
      complete('NO_ITEM'),
    );
  });

  it('keep a code of several words, and a sentence, together', async () => {
    expect(await reasonsOf('Contract not found; the shop is closed')).toEqual(
      complete('Contract not found', 'the shop is closed'),
    );
  });

  it('begin with the code that a sentence quotes', async () => {
    expect(await reasonsOf('CONV_DUPLICATE: tracked before')).toEqual(
      complete('CONV_DUPLICATE:', 'CONV_DUPLICATE: tracked before'),
    );
  });

  it('are few and short, however many and long Impact makes them', async () => {
    const found = await reasonsOf(Array.from({ length: 500 }, () => 'no '.repeat(500)));
    const { errorReasons } = found as { errorReasons: string[] };
    expect(errorReasons).toHaveLength(MAX_ITEMS);
    expect(errorReasons.at(-1)).toBe('and 481 more');
    expect(Math.max(...errorReasons.map(({ length }) => length))).toBe(MAX_NAME);
  });

  it('do not repeat the click id, which Temporal would keep', async () => {
    expect(await reasonsOf(`no partner has ${CLICK}`)).toEqual(complete('no partner has [redacted]'));
  });

  it('are unreadable, and no acceptance, in another shape', async () => {
    await expect(reasonsOf({ code: 'NO_ITEM' })).rejects.toMatchObject({ code: 'impact_unreadable' });
  });
});
