import { describe, expect, it } from 'vitest';
import { findingLines, findingsCsv } from '../../src/cli/findings-output.js';
import type { KeptFinding } from '../../src/domain/findings.js';
import { keptFinding } from '../support/kept-finding.js';

const now = new Date('2026-11-26T00:00:00Z');
const text = (findings: KeptFinding[], total = findings.length) =>
  findingLines(findings, { total, now }).join('\n');

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
    const acknowledgements = [{ at: now, by: 'kim', reason: 'settled' }];
    expect((await csvOf(keptFinding('amount_differs', 'A-1', { acknowledgements }))).split('\r\n')).toEqual([
      'finding,state,kind,order_id,action_tracker_id,conversion_id,status,action_ids,happened_at,first_seen_at,' +
        'last_seen_at,closed_at,ledger_amount,ledger_currency,impact_amount,impact_currency,difference,' +
        'acknowledged_by,acknowledged_for,detail',
      'amount_differs:99999:A-1,open,amount_differs,A-1,99999,sale_subscription:A-1,confirmed,1,' +
        '2026-11-02T00:00:00.000Z,2026-11-23T00:00:00.000Z,2026-11-23T00:00:00.000Z,,49.00,USD,48.00,USD,-1.00,' +
        'kim,settled,"49.00 USD here, 48.00 USD at Impact."',
      '',
    ]);
  });

  it('has no formulas, whatever an order id begins with', async () => {
    expect(await csvOf(keptFinding('twice', '=HYPERLINK("x")'))).toContain(`"'=HYPERLINK(""x"")"`);
  });
});

describe('the list of findings', () => {
  it('has a row for each, with its id, its age and its amounts', () => {
    expect(text([keptFinding('amount_differs', 'A-1')])).toMatch(
      /^amount_differs:99999:A-1 +open +3 days ago +49\.00 USD +48\.00 USD +-1\.00 USD +confirmed +1 +49\.00 USD here/m,
    );
  });

  it('shows who has acknowledged it last, and why', () => {
    const acknowledgements = [
      { at: now, by: 'lou', reason: 'looking' },
      { at: now, by: 'kim', reason: 'settled' },
    ];
    const acknowledged = keptFinding('twice', 'A-1', { state: 'acknowledged', acknowledgements });
    expect(text([acknowledged])).toMatch(/twice:99999:A-1 +acknowledged .*Acknowledged by kim: settled$/m);
  });

  it('says how many more there are than it shows', () => {
    expect(text([keptFinding('twice', 'A-1')], 11)).toMatch(/… and 10 more: --csv FILE has them\.$/);
  });

  it('says that there is none', () => {
    expect(text([])).toBe('No findings.');
  });

  it('prints no control characters', () => {
    expect(text([keptFinding('twice', 'a\u001b[2J')])).toContain('a\\u001b[2J');
  });
});
