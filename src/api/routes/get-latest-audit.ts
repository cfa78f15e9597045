import { z } from 'zod';
import { findLatestAudit } from '../../audit/find-findings.js';
import { AUDIT_COUNTS, shownTotals } from '../../domain/audit.js';
import { FINDING_KINDS } from '../../domain/findings.js';
import { time } from '../answers.js';
import { decimalAmount, findingKind } from '../finding.js';
import { Problem } from '../problem.js';
import { type ApiDeps, defineRoute } from '../route.js';

const totals = z.object({
  currency: z.string(),
  ledger: decimalAmount.describe('Of orders that are reported and not reversed.'),
  impact: decimalAmount.describe('Of live Actions.'),
  differences: z
    .partialRecord(findingKind, decimalAmount)
    .describe("Impact's amounts minus the ledger's, of the findings of each kind."),
});

const audit = z
  .object({
    auditId: z.string(),
    from: time,
    to: time.describe('Does not belong to the window.'),
    at: time.describe('When it was made.'),
    counts: numbers(AUDIT_COUNTS).describe('Orders without a finding.'),
    findingsByKind: numbers(FINDING_KINDS).describe('The findings that it met.'),
    openDifferences: z
      .int()
      .describe('Differences of its window that were new, or that no operator had acknowledged.'),
    money: z.array(totals).describe('By currency; decimals in major units.'),
  })
  .meta({ id: 'Audit' });

/** A number for each of the names. */
function numbers<Name extends string>(names: readonly Name[]) {
  const properties = names.map((name) => [name, z.int()] as const);
  return z.object(Object.fromEntries(properties) as Record<Name, z.ZodInt>);
}

export function getLatestAudit({ db }: ApiDeps) {
  return defineRoute({
    method: 'get',
    path: '/v1/audits/latest',
    operationId: 'audits.latest',
    summary: 'Get the newest audit: counts, findings by kind and money',
    description:
      'An audit compares the ledger with the Actions that Impact lists. The worker makes one each day.',
    access: 'conversions:read',
    success: { status: 200, description: 'The newest audit.', schema: audit },
    problems: ['audit_not_found'],
    async handle() {
      const latest = await findLatestAudit(db);
      if (!latest)
        throw new Problem('audit_not_found', 'No audit has ended yet. The worker makes one each day.');
      return { ...latest, money: latest.money.map(shownTotals) };
    },
  });
}
