import { writeFile } from 'node:fs/promises';
import { findFindings } from '../audit/write-audit.js';
import { countFindings } from '../domain/audit.js';
import { openDatabase } from '../mongo.js';
import { runAudit } from '../operations/run-audit.js';
import { createTemporalClient } from '../temporal/client.js';
import { readAuditArguments } from './audit-arguments.js';
import { toCsv } from './audit-csv.js';
import { auditTable } from './audit-table.js';
import { findSystem } from './environment.js';

/** Longer than an audit of 100,000 conversions takes; after that it goes on without anybody waiting. */
const PATIENCE_MS = 15 * 60_000;

/** @returns the exit code: 0 no differences, 1 differences; what goes wrong is thrown */
export async function audit(args: string[]): Promise<number> {
  const { window, json, csvFile, dataDir } = readAuditArguments(args);
  const config = await findSystem(dataDir);
  const db = await openDatabase(config.mongoUri);
  const temporal = createTemporalClient(config.temporal);
  try {
    const summary = await runAudit(temporal, window, { patienceMs: PATIENCE_MS, say: console.error });
    const findings = await findFindings(db, summary.auditId);
    const total = countFindings(summary);
    if (csvFile !== undefined) await writeFile(csvFile, toCsv(findings));
    console.log(json ? JSON.stringify({ ...summary, findings }, null, 2) : auditTable(summary, findings));
    if (findings.length < total)
      console.error(
        `Only the first ${findings.length} of ${total} were kept: audit fewer days to see them all.`,
      );
    return total === 0 ? 0 : 1;
  } finally {
    await temporal.connection.close();
    await db.close();
  }
}
