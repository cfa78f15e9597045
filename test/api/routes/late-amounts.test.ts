import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { payloadWith } from '../../../src/domain/adjustment.js';
import { CLOCK_SKEW_MS } from '../../../src/domain/clock-skew.js';
import { type Stack, startStack } from '../../support/stack.js';
import { expectProblem, namedFields } from '../support.js';
import { newUser, sale } from './sale.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ worker: false });
});
afterAll(() => stack.stop());

const [FIRST, SECOND, THIRD] = ['2024-11-03T08:00:00Z', '2024-11-03T09:00:00Z', '2024-11-03T10:00:00Z'].map(
  (effectiveAt) => ({ effectiveAt }),
);

async function published(): Promise<string> {
  const clerkId = newUser();
  await stack.api.me(clerkId, 'abc');
  const { body } = await stack.api.publish(sale({ clerkId }));
  return body.conversionId;
}

/** `1900 confirmed`: oldest first. */
async function amountsOf(id: string): Promise<string[]> {
  const { adjustments = [] } = (await stack.conversion(id)) ?? {};
  return adjustments.map(({ totalAmountCents, status }) => `${totalAmountCents} ${status}`);
}

async function wantedOf(id: string) {
  const conversion = (await stack.conversion(id)) ?? expect.fail(id);
  return payloadWith(conversion, 'wanted').totalAmountCents;
}

describe('since when a new amount holds', () => {
  it('is what the request says', async () => {
    const id = await published();
    const { body } = await stack.api.setAmount(id, 1_900, { effectiveAt: '2024-11-03T10:00:00+02:00' });
    expect(body.adjustment).toMatchObject({ effectiveAt: '2024-11-03T08:00:00.000Z' });
    expect((await stack.api.conversion(id)).body.adjustments).toMatchObject([body.adjustment]);
  });

  it('is the time of the request, if it does not say', async () => {
    const { body } = await stack.api.setAmount(await published(), 1_900);
    expect(body.adjustment.effectiveAt).toBe(body.adjustment.requestedAt);
  });

  it('may be a little later than now, as clocks differ, and does not keep back what comes after it', async () => {
    const id = await published();
    const effectiveAt = new Date(Date.now() + CLOCK_SKEW_MS / 2).toISOString();
    await stack.api.setAmount(id, 2_900, { effectiveAt });
    const { body } = await stack.api.setAmount(id, 1_900);
    expect(body.adjustment).toMatchObject({ status: 'confirmed', effectiveAt });
    expect(await wantedOf(id)).toBe(1_900);
  });

  it.each([
    ['in the future', new Date(Date.now() + 2 * CLOCK_SKEW_MS + 60_000).toISOString()],
    ['without an offset', '2024-11-03T08:00:00'],
    ['no time', 'yesterday'],
    ['a number', 1_730_620_800],
    ['null', null],
  ])('is refused if it is %s', async (_what, effectiveAt) => {
    const answer = await stack.api.setAmount(await published(), 1_900, { effectiveAt });
    expectProblem(answer, 400, 'invalid_request');
    expect(namedFields(answer)).toEqual(['effectiveAt']);
  });
});

describe('an amount that arrives after a newer one', () => {
  it('is recorded, and does not count', async () => {
    const id = await published();
    await stack.api.setAmount(id, 1_900, SECOND);
    expect(await stack.api.setAmount(id, 2_900, FIRST)).toMatchObject({
      status: 202,
      body: { adjustment: { status: 'abandoned', detail: 'A newer amount came before it.' } },
    });
    expect(await amountsOf(id)).toEqual(['1900 confirmed', '2900 abandoned']);
    expect(await wantedOf(id)).toBe(1_900);
  });

  it('has a line in the timeline that says both', async () => {
    const id = await published();
    await stack.api.setAmount(id, 1_900, SECOND);
    await stack.api.setAmount(id, 2_900, FIRST);
    expect((await stack.conversion(id))?.timeline.at(-1)?.detail).toMatch(
      /^New amount 2900 .+, effective 2024-11-03T08:00:00.000Z, requested by mch_.+ A newer amount came before it\./,
    );
  });

  it('counts again once an operator has abandoned the newer one', async () => {
    const id = await published();
    await stack.api.setAmount(id, 1_900, SECOND);
    await stack.db.conversions.updateOne({ _id: id }, { $set: { 'adjustments.0.status': 'abandoned' } });
    await stack.api.setAmount(id, 2_900, FIRST);
    expect(await wantedOf(id)).toBe(2_900);
  });
});

describe('the same amount again', () => {
  it.each([
    ['of the same time', SECOND],
    ['without a time', {}],
  ])('%s changes nothing, and is answered with the first one', async (_what, again) => {
    const id = await published();
    const { body: first } = await stack.api.setAmount(id, 1_900, SECOND);
    const { status, body } = await stack.api.setAmount(id, 1_900, again);
    expect({ status, body }).toEqual({ status: 202, body: first });
    expect(await amountsOf(id)).toEqual(['1900 confirmed']);
  });

  it('of the same time changes nothing after a newer one either', async () => {
    const id = await published();
    const { body: first } = await stack.api.setAmount(id, 2_900, FIRST);
    await stack.api.setAmount(id, 1_900, SECOND);
    const { body } = await stack.api.setAmount(id, 2_900, FIRST);
    expect(body.adjustment).toEqual(first.adjustment);
    expect(await amountsOf(id)).toEqual(['2900 confirmed', '1900 confirmed']);
  });

  it('that was late changes nothing', async () => {
    const id = await published();
    await stack.api.setAmount(id, 1_900, SECOND);
    const { body: late } = await stack.api.setAmount(id, 2_900, FIRST);
    expect((await stack.api.setAmount(id, 2_900, FIRST)).body).toEqual(late);
  });

  it('of the same time is answered after a reversal too', async () => {
    const id = await published();
    const { body: first } = await stack.api.setAmount(id, 1_900, FIRST);
    await stack.api.reverse(id);
    expect(await stack.api.setAmount(id, 1_900, FIRST)).toMatchObject({
      status: 202,
      body: { status: 'reversed', adjustment: first.adjustment },
    });
  });

  it('of a newer time counts, so that an amount between the two is late', async () => {
    const id = await published();
    await stack.api.setAmount(id, 1_900, FIRST);
    await stack.api.setAmount(id, 1_900, THIRD);
    await stack.api.setAmount(id, 2_900, SECOND);
    expect(await amountsOf(id)).toEqual(['1900 confirmed', '1900 confirmed', '2900 abandoned']);
    expect(await wantedOf(id)).toBe(1_900);
  });

  it('as the sale has from the beginning changes nothing, unless it says since when', async () => {
    const id = await published();
    expect((await stack.api.setAmount(id, 4_900)).body).not.toHaveProperty('adjustment');
    await stack.api.setAmount(id, 4_900, SECOND);
    await stack.api.setAmount(id, 1_900, FIRST);
    expect(await amountsOf(id)).toEqual(['4900 confirmed', '1900 abandoned']);
  });

  it('counts again after an operator has abandoned it', async () => {
    const id = await published();
    await stack.api.setAmount(id, 1_900, FIRST);
    await stack.db.conversions.updateOne({ _id: id }, { $set: { 'adjustments.0.status': 'abandoned' } });
    await stack.api.setAmount(id, 1_900, FIRST);
    expect(await amountsOf(id)).toEqual(['1900 abandoned', '1900 confirmed']);
  });
});
