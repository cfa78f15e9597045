import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workflowId } from '../../../src/domain/conversion.js';
import { insertPending, tooLongId } from '../../support/pending-conversion.js';
import { REFUSAL } from '../../support/refusal.js';
import { sell } from '../../support/sell.js';
import { type Stack, startStack } from '../../support/stack.js';
import { expectProblem, namedFields } from '../support.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

async function parked(orderId: string) {
  const sold = await sell(stack, orderId, { fault: REFUSAL });
  await stack.untilStatus(sold.id, 'parked');
  return sold;
}

describe('POST /v1/conversions/{conversionId}/retry', () => {
  it('reports a parked conversion, and records the subject of the token', async () => {
    const { id } = await parked('http-retry-1');
    const { status, body } = await stack.api.retry(id);
    expect({ status, body }).toMatchObject({
      status: 202,
      body: { conversionId: id, workflowId: workflowId(id) },
    });
    const { timeline } = await stack.untilStatus(id, 'submitted');
    expect(timeline.map(({ detail }) => detail)).toContain('Retried by mch_local.');
  });

  it('refuses a conversion that is not parked, with its status', async () => {
    const { id } = await sell(stack, 'http-retry-2');
    await stack.untilStatus(id, 'submitted');
    const answer = await stack.api.retry(id, {});
    expectProblem(answer, 409, 'conversion_not_parked');
    expect(answer.body.detail).toContain('is submitted');
  });

  it("refuses a conversion whose workflow Temporal refuses, with Temporal's words", async () => {
    const { _id } = await insertPending(stack.db, { _id: tooLongId('http'), status: 'parked' });
    const answer = await stack.api.retry(_id);
    expectProblem(answer, 409, 'start_refused');
    expect(answer.body.detail).toContain('WorkflowId exceeds maximum allowed length');
  });

  it('does not find an unknown conversion', async () => {
    expectProblem(await stack.api.retry('signup:nobody'), 404, 'conversion_not_found');
  });

  it.each([[{ restart: 'yes' }], [{ force: true }], [[]]])('refuses the body %j', async (body) => {
    const { _id } = await insertPending(stack.db, { status: 'parked' });
    expectProblem(await stack.api.retry(_id, body), 400, 'invalid_request');
  });

  it('with `restart` reports an abandoned conversion once', async () => {
    const { id, handle } = await parked('http-restart');
    expect((await stack.api.abandon(id, { reason: 'test order' })).status).toBe(202);
    await handle.result();
    expectProblem(await stack.api.retry(id), 409, 'conversion_abandoned');
    expect((await stack.api.retry(id, { restart: true })).body).toMatchObject({ conversionId: id });
    await stack.untilStatus(id, 'submitted');
    await stack.temporal.workflow.getHandle(workflowId(id)).result();
    expect(await stack.sandbox.conversions('http-restart')).toHaveLength(1);
  });
});

describe('POST /v1/conversions/{conversionId}/abandon', () => {
  it('ends a parked conversion; timeline and explanation name the operator and the reason', async () => {
    const { id, handle } = await parked('http-abandon-1');
    const { status } = await stack.api.abandon(id, { reason: ' test order ' });
    expect(status).toBe(202);
    await handle.result();
    const { body } = await stack.api.conversion(id);
    expect(body).toMatchObject({
      status: 'abandoned',
      explanation: {
        code: 'abandoned',
        text: expect.stringContaining('Abandoned by mch_local: test order.'),
      },
    });
  });

  it.each([[{}], [{ reason: '' }], [{ reason: '   ' }], [{ reason: 'x'.repeat(501) }], [{ reason: 1 }]])(
    'requires a reason of 1 to 500 characters, not %j',
    async (body) => {
      const { _id } = await insertPending(stack.db, { status: 'parked' });
      const answer = await stack.api.abandon(_id, body);
      expectProblem(answer, 400, 'invalid_request');
      expect(namedFields(answer)).toEqual(['reason']);
      expect(await stack.conversion(_id)).toMatchObject({ status: 'parked' });
    },
  );

  it('requires a body', async () => {
    expectProblem(await stack.api.abandon('signup:nobody'), 415, 'unsupported_media_type');
  });

  it('does not find an unknown conversion', async () => {
    expectProblem(await stack.api.abandon('signup:nobody', { reason: 'x' }), 404, 'conversion_not_found');
  });

  it('is refused if nothing is left to abandon', async () => {
    const { _id } = await insertPending(stack.db, { status: 'confirmed' });
    const answer = await stack.api.abandon(_id, { reason: 'x' });
    expectProblem(answer, 409, 'conversion_settled');
    expect(answer.body.detail).toContain('is confirmed');
  });
});
