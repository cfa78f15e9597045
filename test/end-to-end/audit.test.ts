import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuditMetrics } from '../../src/audit/metrics.js';
import { AUDIT_SCHEDULE_ID, type AuditSummary } from '../../src/domain/audit.js';
import { FINDING_KINDS } from '../../src/domain/findings.js';
import { applyAuditSchedule } from '../../src/temporal/audit-schedule.js';
import { freshMongoUri } from '../support/mongo.js';
import { runInShell } from '../support/shell.js';
import { type Stack, startStack } from '../support/stack.js';
import { createNamespace } from '../support/temporal.js';

const HOUR_MS = 3_600_000;
const SALE_TRACKER = 99_999;

let stack: Stack;
let environment: Record<string, string>;
let directory: string;

beforeAll(async () => {
  const mongoUri = freshMongoUri();
  const temporal = await createNamespace();
  directory = await mkdtemp(join(tmpdir(), 'affiliate-audit-'));
  environment = {
    MONGODB_URI: mongoUri,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
  };
  stack = await startStack({
    mongoUri,
    temporal,
    confirmAfterMs: 1,
    relay: { intervalMs: 200, minimumAgeMs: 500 },
  });
});
afterAll(async () => {
  await stack.stop();
  await rm(directory, { recursive: true });
});

function audit(...more: string[]) {
  const [from, to] = [-HOUR_MS, HOUR_MS].map((ms) => new Date(Date.now() + ms).toISOString());
  return runInShell(['audit', '--from', String(from), '--to', String(to), ...more], { environment });
}

async function sandbox<T>(method: string, path: string, body?: object): Promise<T> {
  const response = await fetch(`${stack.sandbox.url}/_sandbox${path}`, {
    method,
    body: body ? JSON.stringify(body) : null,
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

/** Of the amounts in whole dollars, by order id. Two sales of one buyer with one amount are a finding. */
const dollars = new Map<string, number>();

/** Publishes sales, and resolves once Impact has accepted them. */
async function sell(...orderIds: string[]): Promise<void> {
  const { body: user } = await stack.api.me('user_buyer', 'click');
  const sale = { campaignEventId: 'sale_subscription', currency: 'USD' };
  await Promise.all(
    orderIds.map(async (orderId) => {
      const amount = dollars.get(orderId) ?? 50 + dollars.size;
      dollars.set(orderId, amount);
      await stack.api.publish({ ...sale, userId: user.userId, orderId, totalAmountCents: amount * 100 });
      await stack.untilStatus(`sale_subscription:${orderId}`, 'confirmed');
    }),
  );
}

interface Printed extends AuditSummary {
  findings: { findingId: string; kind: string; orderId: string }[];
}

async function actionId(orderId: string): Promise<string> {
  const { actions } = await sandbox<{ actions: { Id: string }[] }>('GET', `/actions?orderId=${orderId}`);
  return String(actions[0]?.Id);
}

const plant = (Oid: string, fields: object = {}) =>
  sandbox<{ Id: string }>('POST', '/actions', { Oid, ActionTrackerId: SALE_TRACKER, Amount: 49, ...fields });

const changeAction = async (orderId: string, fields: object) =>
  sandbox('PATCH', `/actions/${await actionId(orderId)}`, fields);

describe('an audit', () => {
  it('has no differences, and exits with 0, where both sides agree', async () => {
    await sell('agreed', 'locked');
    await changeAction('locked', { State: 'APPROVED' });
    await stack.api.me('user_without_click');
    const { exitCode, stdout, stderr } = await audit();
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(stdout).toMatch(/confirmed on both sides +3\n +of these locked at Impact +1\n/);
    expect(stdout).toMatch(/not reported, and not at Impact +1\n/);
    expect(stdout).toMatch(/No open differences\.\n\nNo findings\.$/);
  });

  it('finds each difference that was planted, and no other, and exits with 1', async () => {
    await sandbox('POST', '/outcomes', { orderId: 'uncredited', attributed: false });
    await sell('uncredited', 'twice', 'amount', 'reversed', 'reattributed');
    dollars.set('Twice', Number(dollars.get('twice')));
    await sell('Twice');
    await plant('twice');
    await changeAction('amount', { Amount: 48 });
    await changeAction('reversed', { State: 'REVERSED' });
    await changeAction('reattributed', { State: 'REVERSED' });
    await plant('reattributed', { MediaPartnerId: 20_000, Amount: dollars.get('reattributed') });
    await plant('unknown');
    // And these are no differences: before the window, reversed, or of another system.
    await plant('last-week', { EventDate: new Date(Date.now() - 2 * HOUR_MS).toISOString() });
    await plant('never-mind', { State: 'REVERSED' });
    await plant('other', { ActionTrackerId: 12_345 });

    const csv = join(directory, 'audit.csv');
    const { exitCode, stdout, stderr } = await audit('--json', '--csv', csv);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 1 });
    const result = JSON.parse(stdout) as Printed;
    const found = [
      'amount_differs amount',
      'not_credited uncredited',
      'possible_duplicate Twice',
      'reattributed reattributed',
      'state_changed reversed',
      'twice twice',
      'unknown_to_us unknown',
    ];
    expect(new Set(result.findings.map(({ kind, orderId }) => `${kind} ${orderId}`))).toEqual(new Set(found));
    expect(result.findings).toHaveLength(found.length);
    const { missing_at_impact, not_reversed, ...met } = result.findingsByKind;
    expect({ missing_at_impact, not_reversed }).toEqual({ missing_at_impact: 0, not_reversed: 0 });
    expect(Object.values(met)).toEqual(FINDING_KINDS.slice(2).map(() => 1));
    expect(result.openDifferences).toBe(4);
    expect(result.counts).toMatchObject({ confirmed: 4, locked: 1, otherEventTypes: 1 });
    expect((await readFile(csv, 'utf8')).split('\r\n')).toHaveLength(1 + 7 + 1);
  });

  it('is written to MongoDB, and leaves nothing else behind', async () => {
    const newest = await stack.db.audits.findOne().sort({ at: -1 }).lean();
    expect(newest).toMatchObject({ openDifferences: 4, counts: { confirmed: 4 } });
    expect(newest?._id).toMatch(/^2\S+Z\/2\S+Z@2\S+Z$/);
    expect(await stack.db.findings.countDocuments({ lastAuditId: String(newest?._id) })).toBe(7);
    expect(await stack.db.auditEntries.countDocuments()).toBe(0);
  });

  it('is a metric, by kind', async () => {
    const page = await createAuditMetrics(stack.db, { scheduled: true }).read();
    expect(page).toContain('affiliate_audit_findings{kind="amount_differs",state="open"} 1');
  });

  it('exits with 0 once an operator has acknowledged each difference, and lists them as such', async () => {
    const open = await runInShell(['audit', '--findings', '--json'], { environment });
    for (const { findingId } of (JSON.parse(open.stdout) as Printed).findings)
      await runInShell(['audit', '--acknowledge', findingId, '--reason', 'planted'], { environment });
    const { exitCode, stdout, stderr } = await audit();
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(stdout).toContain('No open differences.');
    expect(stdout).toMatch(/^amount_differs:99999:amount +acknowledged .*Acknowledged by kim: planted$/m);
    const page = await createAuditMetrics(stack.db, { scheduled: true }).read();
    expect(page).toContain('affiliate_audit_findings{kind="amount_differs",state="open"} 0');
    expect(page).toContain('affiliate_audit_findings{kind="amount_differs",state="acknowledged"} 1');
  });

  it('fails with a message and 2 where Impact rejects the credentials', async () => {
    await stack.sandbox.fault({ kind: 'status', status: 401, resource: 'Actions' });
    const { exitCode, stderr } = await audit();
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 2 });
    expect(stderr).toContain('The audit failed: Impact rejected the credentials');
  });
});

describe('a conversion that was sent so late that Impact set another event date', () => {
  it('is found on the day on which it was sent', async () => {
    await sell('late');
    const now = Date.now();
    const occurredAt = new Date(now - 20 * 24 * HOUR_MS);
    await stack.db.conversions.updateOne({ _id: 'sale_subscription:late' }, { $set: { occurredAt } });
    const days = [occurredAt, new Date(occurredAt.getTime() + HOUR_MS)].map((day) => day.toISOString());
    const { exitCode, stdout, stderr } = await runInShell(
      ['audit', '--from', String(days[0]), '--to', String(days[1])],
      { environment },
    );
    expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 0 });
    expect(stdout).toMatch(/confirmed on both sides +1\n/);
  });

  it('is not unknown to us on the day on which it was sent', async () => {
    const { stdout } = await audit('--json');
    expect(JSON.parse(stdout).findings).not.toContainEqual(expect.objectContaining({ orderId: 'late' }));
  });
});

describe('the daily audit', () => {
  const schedule = () => stack.temporal.schedule.getHandle(AUDIT_SCHEDULE_ID);

  it('is on the schedule, once, however many workers start', async () => {
    await applyAuditSchedule(stack.temporal, true);
    await schedule().pause('by an operator');
    await applyAuditSchedule(stack.temporal, true);
    const { policies, state } = await schedule().describe();
    expect(policies.overlap).toBe('SKIP');
    expect(state).toMatchObject({ paused: true, note: 'by an operator' });
  });

  it('audits the last weeks', async () => {
    const before = await stack.db.audits.countDocuments();
    await schedule().trigger();
    await expect.poll(() => stack.db.audits.countDocuments()).toBe(before + 1);
    const newest = await stack.db.audits.findOne().sort({ at: -1 }).lean();
    const days = Number(newest && newest.to.getTime() - newest.from.getTime()) / (24 * HOUR_MS);
    expect(days).toBe(43);
    // This window includes the Action that was before the window above.
    expect(await stack.db.findings.findById(`unknown_to_us:${SALE_TRACKER}:last-week`)).toMatchObject({
      state: 'open',
      lastAuditId: newest?._id,
    });
  });

  it('is removed from the schedule once it is switched off', async () => {
    await applyAuditSchedule(stack.temporal, false);
    await applyAuditSchedule(stack.temporal, false);
    await expect(schedule().describe()).rejects.toThrow(/not found/i);
  });
});

describe('the command line', () => {
  it('exits with 2 and a message for days in the wrong order', async () => {
    const args = ['audit', '--from', '2026-11-05', '--to', '2026-11-01'];
    const { exitCode, stderr, stdout } = await runInShell(args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('is not before');
  });
});
