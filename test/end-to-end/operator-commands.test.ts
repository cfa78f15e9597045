import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OperatedStack, startOperatedStack } from '../support/operated-stack.js';
import { REFUSAL } from '../support/refusal.js';
import { sell } from '../support/sell.js';
import { runInShell } from '../support/shell.js';

/** A day that is never too old for an audit. */
const TODAY = new Date().toISOString().slice(0, 10);

let stack: OperatedStack;

beforeAll(async () => {
  stack = await startOperatedStack();
});
afterAll(() => stack.stop());

async function park(orderId: string): Promise<string> {
  const { id } = await sell(stack, orderId, { fault: REFUSAL });
  await stack.untilStatus(id, 'parked');
  return id;
}

describe('list', () => {
  it('has parked conversions, and not one that went through', { timeout: 60_000 }, async () => {
    const parked = await park('listed');
    const { id: sent } = await sell(stack, 'went-through');
    await stack.untilStatus(sent, 'submitted');
    const { exitCode, stdout, stderr } = await stack.cli('list', '--status', 'parked');
    expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 0 });
    expect(stdout).toMatch(new RegExp(`^${parked} +parked +impact_refused`, 'm'));
    expect(stdout).not.toContain(sent);
  });

  it('continues page by page', async () => {
    await park('page-1');
    await park('page-2');
    const page = async (...more: string[]) =>
      JSON.parse((await stack.command(['list', '--limit', '1', '--json', ...more])).stdout);
    const first = await page();
    const second = await page('--cursor', first.nextCursor);
    expect(second.conversions).toHaveLength(1);
    expect(second.conversions[0].conversionId).not.toBe(first.conversions[0].conversionId);
  });

  it('refuses a cursor of another origin', async () => {
    const { exitCode, stderr } = await stack.command(['list', '--cursor', 'x']);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 2 });
    expect(stderr).toContain('The cursor is malformed');
  });
});

describe('explain', () => {
  it('says why a conversion is parked, how it got there, and what next', async () => {
    const id = await park('explained');
    const { exitCode, stdout, stderr } = await stack.command(['explain', id]);
    expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 0 });
    expect(stdout).toMatch(/^status +parked \(impact_refused\)$/m);
    expect(stdout).toMatch(/^what next +\S/m);
    expect(stdout).toMatch(/^workflow +conversion\/sale_subscription\/explained$/m);
    expect(stdout).toMatch(/Z +parked +impact_refused +.*ClickId: Unknown/);
  });

  it('does not know a conversion that does not exist', async () => {
    const { exitCode, stderr } = await stack.command(['explain', 'signup:nobody']);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: 'There is no conversion "signup:nobody". Ids are <event>:<key>.',
    });
  });
});

describe('retry', () => {
  it('reports a parked conversion once, and keeps who did it', async () => {
    const id = await park('retried');
    const { exitCode, stdout, stderr } = await stack.command(['retry', id]);
    expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 0 });
    const { timeline } = await stack.untilStatus(id, 'submitted');
    expect(timeline).toContainEqual(expect.objectContaining({ detail: 'Retried by kim.' }));
    expect(await stack.sandbox.conversions('retried')).toHaveLength(1);
  });

  it('refuses a conversion that went through', async () => {
    const { id } = await sell(stack, 'not-parked');
    await stack.untilStatus(id, 'submitted');
    const { exitCode, stderr } = await stack.command(['retry', id]);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 2 });
    expect(stderr).toContain('Only a parked conversion can be retried');
  });
});

describe('doctor', () => {
  it('finds that everything is in order', async () => {
    const { exitCode, stdout } = await stack.command(['doctor']);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: expect.stringMatching(/^ok +worker of conversions: polls/m),
    });
    expect(stdout).not.toMatch(/^(failed|skipped)/m);
  });
});

describe('abandon', () => {
  it('asks, and does nothing if the answer is no, or if there is no answer', async () => {
    const id = await park('kept');
    const abandon = ['abandon', id, '--reason', 'test order'];
    expect(await stack.command(abandon, 'n')).toMatchObject({ exitCode: 1 });
    expect(await stack.command(abandon, '')).toMatchObject({ exitCode: 1 });
    expect(await stack.command(abandon)).toMatchObject({ exitCode: 2 });
    expect(await stack.conversion(id)).toMatchObject({ status: 'parked' });
  });

  it('ends it, with who and why, until a retry with --restart', { timeout: 60_000 }, async () => {
    const id = await park('abandoned');
    expect(await stack.command(['abandon', id, '--reason', 'test order'], 'y')).toMatchObject({
      exitCode: 0,
    });
    const { timeline } = await stack.untilStatus(id, 'abandoned');
    expect(timeline.at(-1)?.detail).toBe('Abandoned by kim: test order.');

    const { exitCode, stderr } = await stack.command(['retry', id]);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 2 });
    expect(stderr).toContain('--restart');
    const restart = async () => (await stack.command(['retry', id, '--restart'])).exitCode;
    await expect.poll(restart).toBe(0);
    await stack.untilStatus(id, 'submitted');
    expect(await stack.sandbox.conversions('abandoned')).toHaveLength(1);
  });
});

describe('a command', () => {
  it.concurrent.each([
    ['pause'],
    ['resume'],
    ['retry', '--all', '--yes'],
    ['audit', '--from', TODAY, '--to', TODAY],
  ])('exits with 2 where Temporal is unavailable: %s', async (...args) => {
    const environment = { MONGODB_URI: stack.mongoUri, TEMPORAL_ADDRESS: '127.0.0.1:1' };
    const { exitCode, stderr } = await runInShell(args, { environment });
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 2 });
    expect(stderr).toContain('It was asked at 127.0.0.1:1. Check TEMPORAL_ADDRESS.');
    expect(stderr).toContain('conversions doctor');
  });

  it.concurrent('never prints the credentials in the address of a database', async () => {
    const environment = { MONGODB_URI: 'mongodb://kim:secret@127.0.0.1:1/x' };
    const { exitCode, stderr } = await runInShell(['list'], { environment });
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 2 });
    expect(stderr).toContain('MongoDB cannot be reached at 127.0.0.1:1');
    expect(stderr).not.toContain('secret');
  });
});
