import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from '@temporalio/worker';
import { expect, inject } from 'vitest';
import { AUDIT_SCHEDULE_ID } from '../../../src/domain/audit.js';
import { keptFinding } from '../../support/kept-finding.js';
import type { RunbookStack } from '../runbook-stack.js';
import { about, parked, type Scenarios } from './scenario.js';

/** Commands that change nothing, and the audit. */
export function looking(stack: RunbookStack): Scenarios {
  const history = join(stack.directory, 'history.json');
  const findings = join(stack.directory, 'findings.csv');
  return {
    'dry-run': {
      async prepare() {
        await stack.api.me('alice', 'click');
        return {};
      },
      async check(stdout) {
        expect(JSON.parse(stdout)).toMatchObject({ conversionId: 'sale_subscription:A-9' });
        expect(await stack.conversion('sale_subscription:A-9')).toBeNull();
      },
    },
    findings: {
      async prepare() {
        await stack.db.findings.create(keptFinding('amount_differs', 'looked-at'));
        return { placeholders: { 'file.csv': findings } };
      },
      async check(stdout) {
        expect(stdout).toContain('amount_differs:99999:looked-at');
        expect(await readFile(findings, 'utf8')).toMatch(/^finding,.*\r\namount_differs:99999:looked-at/);
      },
    },
    acknowledge: {
      async prepare() {
        const { _id } = await stack.db.findings.create(keptFinding('amount_differs', 'settled'));
        return { placeholders: { finding: _id } };
      },
      check: async () =>
        expect(await stack.db.findings.findById('amount_differs:99999:settled').lean()).toMatchObject({
          state: 'acknowledged',
          acknowledgements: [{ reason: 'settled with the partner' }],
        }),
    },
    'find-user': {
      async prepare() {
        await stack.api.me('bob', 'click');
        return { placeholders: { 'the id of the user at the token issuer': 'bob' } };
      },
      async check(stdout) {
        expect(JSON.parse(stdout)).toMatchObject({ clerkId: 'bob', clicks: [{ clickId: 'click' }] });
      },
    },
    audit: {
      async prepare() {
        const today = new Date().toISOString().slice(0, 10);
        return {
          placeholders: { 'first day, such as 2026-11-01': today, 'last day': today, 'file.csv': findings },
        };
      },
      async check(stdout) {
        expect(stdout).toContain('No open differences.');
        expect(await readFile(findings, 'utf8')).toMatch(/^finding,/);
      },
    },
    'audit-now': {
      async check() {
        const runs = async () =>
          (await stack.temporal.schedule.getHandle(AUDIT_SCHEDULE_ID).describe()).info.numActionsTaken;
        await expect.poll(runs).toBe(1);
      },
    },
    history: {
      async prepare() {
        return {
          ...about(await parked(stack, 'kept')),
          placeholders: { 'file, such as test/workflows/histories/mondays-bug.json': history },
        };
      },
      async check() {
        const workflowBundle = { codePath: inject('workflowBundlePath') };
        const recorded = JSON.parse(await readFile(history, 'utf8'));
        await expect(Worker.runReplayHistory({ workflowBundle }, recorded, 'kept')).resolves.toBeUndefined();
      },
    },
  };
}
