import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { keptFinding } from '../../support/kept-finding.js';
import { untilListedAsParked } from '../../support/until-listed-as-parked.js';
import type { RunbookStack } from '../runbook-stack.js';
import { isReportedOnce, type Scenarios } from './scenario.js';

/** What the named blocks of the other pages need and do, by name. A block without a name only has to succeed. */
export function reading(stack: RunbookStack): Scenarios {
  return {
    signup: {
      async check(stdout) {
        expect(stdout).toContain('"clerkId":"alice"');
        const { userId } = (await stack.api.me('alice')).body;
        await stack.untilStatus(`signup:${userId}`, 'submitted');
      },
    },
    'get-stuck': {
      async check() {
        await stack.untilStatus('sale_subscription:A-2', 'parked');
        await untilListedAsParked(stack.temporal, ['sale_subscription:A-2']);
      },
    },
    'get-unstuck': {
      async check(stdout) {
        expect(stdout).toContain('ClickId: Unknown');
        await isReportedOnce(stack, 'sale_subscription:A-2');
      },
    },
    'look-up': {
      prepare: async () => {
        await stack.untilStatus('sale_subscription:B-1', 'submitted');
        return {};
      },
      check: async (stdout) =>
        expect(JSON.parse(stdout)).toMatchObject({
          conversionId: 'sale_subscription:B-1',
          status: 'submitted',
        }),
    },
    refund: {
      async check() {
        const adjustments = (await stack.conversion('sale_subscription:B-1'))?.adjustments;
        expect(adjustments?.map(({ kind }) => kind)).toEqual(['amount', 'reversal']);
      },
    },
    'try-out': {
      async check(stdout) {
        expect(JSON.parse(stdout)).toMatchObject({ conversionId: 'sale_subscription:B-2' });
        expect(await stack.conversion('sale_subscription:B-2')).toBeNull();
      },
    },
    'programme-check': { check: async (stdout) => expect(stdout).toContain('visit_signup') },
    logs: {
      async prepare() {
        await mkdir(join(stack.directory, 'logs'));
        const line = '{"level":30,"conversionId":"sale_subscription:A-2","msg":"…"}\n';
        await writeFile(join(stack.directory, 'logs/worker.log'), line);
        return {};
      },
    },
    'audit-days': { check: async (stdout) => expect(stdout).toContain('No open differences.') },
    'audit-acknowledge': {
      async prepare() {
        await stack.db.findings.create(keptFinding('amount_differs', 'A-2'));
        return {};
      },
      check: async () =>
        expect(await stack.db.findings.findById('amount_differs:99999:A-2').lean()).toMatchObject({
          state: 'acknowledged',
        }),
    },
    'signal-many': {
      prepare: async () => {
        await stack.untilNoBatchRuns();
        return {};
      },
    },
  };
}
