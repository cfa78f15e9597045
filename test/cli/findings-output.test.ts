import { describe, expect, it } from 'vitest';
import { findingLines } from '../../src/cli/findings-output.js';
import type { KeptFinding } from '../../src/domain/findings.js';
import { keptFinding } from '../support/kept-finding.js';

const now = new Date('2026-11-26T00:00:00Z');
const text = (findings: KeptFinding[], total = findings.length) =>
  findingLines(findings, { total, now }).join('\n');

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
