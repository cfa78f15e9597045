import { describe, expect, it } from 'vitest';
import { FINDING_KINDS, FINDINGS, type FindingRow } from '../../src/domain/findings.js';
import { readAlerts } from '../monitoring/files.js';

const rows: [string, FindingRow][] = FINDING_KINDS.map((kind) => [kind, FINDINGS[kind]]);

describe('the words of a finding', () => {
  it.each(rows)('say what it means and what to do, to an operator and to a manager: %s', (_kind, row) => {
    const { meaning, action, outcome, advice } = row;
    for (const sentence of [meaning, action, outcome, advice ?? 'None.'])
      expect(sentence).toMatch(/^[A-Z].+\.$/);
    expect(outcome).toMatch(/^[^.`]+\.$/);
    expect(advice ?? '').not.toContain('`');
  });

  it('are different for each kind', () => {
    expect(new Set(rows.map(([, { outcome }]) => outcome)).size).toBe(rows.length);
  });
});

describe('a finding that alarms', () => {
  it('is a difference', () => {
    expect(rows.filter(([, { alarms, isDifference }]) => alarms && !isDifference)).toEqual([]);
  });

  it('is of a kind that the alert AuditDifferences names, and the alert names no other', async () => {
    const alerts = (await readAlerts()).groups.flatMap(({ rules }) => rules);
    const { expr = '' } = alerts.find(({ alert }) => alert === 'AuditDifferences') ?? {};
    const named = /kind=~"([\w|]+)"/.exec(expr)?.[1]?.split('|');
    expect(named).toEqual(rows.flatMap(([kind, { alarms }]) => (alarms ? [kind] : [])));
  });
});
