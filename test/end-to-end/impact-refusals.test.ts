import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workflowId } from '../../src/domain/conversion.js';
import { legible } from '../support/legible.js';
import { resetToStart } from '../support/reset.js';
import { sell } from '../support/sell.js';
import { type Stack, startStack } from '../support/stack.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ relay: { intervalMs: 100, minimumAgeMs: 0 } });
});
afterAll(() => stack.stop());

describe('a conversion that Impact refuses', () => {
  it('is parked with the messages for each field', async () => {
    const body = {
      Status: 'ERROR',
      Message: 'Validation Failed',
      Errors: [{ Field: 'ClickId', Message: 'Unknown' }],
    };
    const { id } = await sell(stack, 'refused', { fault: { kind: 'status', status: 400, body } });
    const { reason, timeline } = await stack.untilStatus(id, 'parked');
    expect(reason).toBe('impact_refused');
    expect(timeline.at(-1)?.detail).toContain('ClickId: Unknown');
  });

  it.each([401, 403])('is parked as credentials_rejected after a %i', async (status) => {
    const { id } = await sell(stack, `rejected-${status}`, { fault: { kind: 'status', status } });
    expect(await stack.untilStatus(id, 'parked')).toMatchObject({ reason: 'credentials_rejected' });
  });

  it('is shown without the credentials, even if Impact echoes the request', async () => {
    const { accountSid, authToken } = stack.credentials;
    const basic = Buffer.from(`${accountSid}:${authToken}`).toString('base64');
    const Message = `Authorization: Basic ${basic} is not for token ${authToken}`;
    const body = {
      Status: 'ERROR',
      Message,
      Errors: [{ Field: 'Authorization', Message: `Basic ${basic}` }],
    };
    const { id, handle } = await sell(stack, 'echo', { fault: { kind: 'status', status: 400, body } });
    const conversion = await stack.untilStatus(id, 'parked');
    const metadata = await handle.query('__temporal_workflow_metadata');
    const shown = [JSON.stringify([conversion, metadata]), legible(await handle.fetchHistory())];
    for (const text of shown) {
      expect(text).toContain('(HTTP 400): Authorization: [redacted]; Authorization: Basic [redacted]');
      expect(text).not.toContain(basic);
      expect(text).not.toContain(authToken);
    }
  });

  it('is parked with the words of a real refusal of the sandbox', async () => {
    const { body: user } = await stack.api.me('user_real', 'click');
    const orderId = 'real';
    await stack.db.conversions.create({
      _id: `sale_subscription:${orderId}`,
      campaignEventId: 'sale_subscription',
      userId: user.userId,
      occurredAt: new Date(),
      payload: { orderId, totalAmountCents: 100_000_000_000, currency: 'JPY' },
      attribution: { provider: 'impact', clickId: 'click', capturedAt: new Date(Date.now() - 1000) },
      status: 'pending',
      timeline: [],
      createdAt: new Date(0),
      updatedAt: new Date(0),
    });
    const { timeline } = await stack.untilStatus(`sale_subscription:${orderId}`, 'parked');
    expect(timeline.at(-1)?.detail).toMatch(/Amount: /);
  });
});

describe('a conversion that Impact has acknowledged', () => {
  it('is not sent again by a workflow reset', async () => {
    const { id } = await sell(stack, 'reset');
    await stack.untilStatus(id, 'submitted');
    const handle = stack.temporal.workflow.getHandle(workflowId(id));
    await handle.result();
    await resetToStart(stack, id);
    expect(await handle.result()).toMatchObject({ status: 'submitted' });
    expect(await stack.sandbox.requests('reset')).toHaveLength(1);
  });

  it('is not sent again by a reset while the request is on the wire', async () => {
    const { id } = await sell(stack, 'reset-on-the-wire', { fault: { kind: 'delay', delayMs: 1_500 } });
    await expect.poll(() => stack.sandbox.requests('reset-on-the-wire')).toHaveLength(1);
    await resetToStart(stack, id);
    const inFlight = async () => (await pendingFailure(id)) ?? '';
    await expect.poll(inFlight).toContain('under way');
    const handle = stack.temporal.workflow.getHandle(workflowId(id));
    expect(await handle.result()).toMatchObject({ status: 'submitted' });
    expect(await stack.sandbox.requests('reset-on-the-wire')).toHaveLength(1);
  });

  it('is not sent again when the same sale is published again', async () => {
    const { id } = await sell(stack, 'again');
    await stack.untilStatus(id, 'submitted');
    await sell(stack, 'again');
    expect(await stack.sandbox.requests('again')).toHaveLength(1);
  });
});

async function pendingFailure(id: string): Promise<string | null | undefined> {
  const { raw } = await stack.temporal.workflow.getHandle(workflowId(id)).describe();
  return raw.pendingActivities?.[0]?.lastFailure?.message;
}
