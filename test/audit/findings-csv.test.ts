import { describe, expect, it } from 'vitest';
import { findingsCsv } from '../../src/audit/findings-csv.js';
import { FINDINGS, type KeptFinding } from '../../src/domain/findings.js';
import { keptFinding } from '../support/kept-finding.js';

const now = new Date('2026-11-26T00:00:00Z');

async function csvOf(...findings: KeptFinding[]): Promise<string> {
  async function* all() {
    yield* findings;
  }
  let csv = '';
  for await (const line of findingsCsv(all())) csv += line;
  return csv;
}

describe('the CSV of findings', () => {
  it('has a line for each finding, with decimals', async () => {
    const { outcome } = FINDINGS.amount_differs;
    const acknowledgements = [{ at: now, by: 'kim', reason: 'settled' }];
    expect((await csvOf(keptFinding('amount_differs', 'A-1', { acknowledgements }))).split('\r\n')).toEqual([
      'finding,state,kind,outcome,order_id,action_tracker_id,conversion_id,status,action_ids,happened_at,first_seen_at,' +
        'last_seen_at,closed_at,ledger_amount,ledger_currency,impact_amount,impact_currency,difference,' +
        'acknowledged_by,acknowledged_for,detail',
      `amount_differs:99999:A-1,open,amount_differs,${outcome},A-1,99999,sale_subscription:A-1,confirmed,1,` +
        '2026-11-02T00:00:00.000Z,2026-11-23T00:00:00.000Z,2026-11-23T00:00:00.000Z,,49.00,USD,48.00,USD,-1.00,' +
        'kim,settled,"49.00 USD here, 48.00 USD at Impact."',
      '',
    ]);
  });

  it('has no formulas, whatever an order id begins with', async () => {
    expect(await csvOf(keptFinding('twice', '=HYPERLINK("x")'))).toContain(`"'=HYPERLINK(""x"")"`);
  });
});
