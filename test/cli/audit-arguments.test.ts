import { describe, expect, it } from 'vitest';
import { readWindow } from '../../src/cli/audit.js';
import { UsageError } from '../../src/cli/usage-error.js';

const NOW = new Date('2026-11-23T12:00:00Z');

const read = (from: string, to: string) => readWindow({ from, to }, NOW);

function refusal(from: string, to: string): string {
  try {
    read(from, to);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as Error).message;
  }
  throw new Error('the arguments were accepted');
}

describe('the arguments of an audit', () => {
  it('are UTC days, and include the last one', () => {
    expect(read('2026-11-01', '2026-11-22')).toEqual({
      from: '2026-11-01T00:00:00.000Z',
      to: '2026-11-23T00:00:00.000Z',
    });
  });

  it('may be one day', () => {
    expect(read('2026-11-22', '2026-11-22').to).toBe('2026-11-23T00:00:00.000Z');
  });

  it('may be exact times', () => {
    expect(read('2026-11-01T01:00:00+01:00', '2026-11-02T00:00Z')).toEqual({
      from: '2026-11-01T00:00:00.000Z',
      to: '2026-11-02T00:00:00.000Z',
    });
  });

  it('may be more than the 45 days that Impact lists at once', () => {
    expect(read('2026-01-01', '2026-11-22').from).toBe('2026-01-01T00:00:00.000Z');
  });

  it.each([
    ['yesterday', '2026-11-02', '--from yesterday is not a date'],
    ['2026-11-01', '2026-02-30', '--to 2026-02-30 is not a date'],
    ['01.11.2026', '2026-11-02', '--from 01.11.2026 is not a date'],
    ['2026-11-01T00:00:00', '2026-11-02', 'is not a date'],
    ['2026-11-05', '2026-11-02', '--from 2026-11-05 is not before --to 2026-11-02'],
    ['2027-11-01', '2027-11-02', 'is in the future'],
    ['2020-01-01', '2020-02-01', 'more than three years ago'],
  ])('are refused with a message: %s to %s', (from, to, message) => {
    expect(refusal(from, to)).toContain(message);
  });
});
