import { findingsOf } from '../audit/find-findings.js';
import { outcomeOfFinding } from '../domain/outcome.js';
import type { ConversionSummary } from '../ledger/list-conversions.js';
import type { Database } from '../mongo.js';

/** A list's rows in the words of an audit, where it knows more about who is paid than the ledger. */
export async function withOutcomes<Row extends ConversionSummary>(db: Database, rows: Row[]): Promise<Row[]> {
  const findings = await findingsOf(db, ...rows.map(({ conversionId }) => conversionId));
  return rows.map((row) => {
    const own = findings.filter(({ conversionId }) => conversionId === row.conversionId);
    return { ...row, outcome: outcomeOfFinding(own, row.updatedAt)?.outcome ?? row.outcome };
  });
}
