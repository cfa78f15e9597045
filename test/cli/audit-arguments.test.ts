import { describe, expect, it } from 'vitest';
import { readAuditArguments } from '../../src/cli/audit.js';
import { UsageError } from '../../src/cli/command-arguments.js';

const NOW = new Date('2026-11-23T12:00:00Z');

const read = (line: string) => readAuditArguments(line.split(' ').filter(Boolean), NOW);

function refusal(line: string): string {
  try {
    read(line);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as Error).message;
  }
  throw new Error('the arguments were accepted');
}

describe('the arguments of an audit', () => {
  it('are UTC days, and include the last one', () => {
    expect(read('--from 2026-11-01 --to 2026-11-22')).toEqual({
      window: { from: '2026-11-01T00:00:00.000Z', to: '2026-11-23T00:00:00.000Z' },
      json: false,
    });
  });

  it('may be one day', () => {
    expect(read('--from 2026-11-22 --to 2026-11-22').window.to).toBe('2026-11-23T00:00:00.000Z');
  });

  it('may be exact times', () => {
    expect(read('--from 2026-11-01T01:00:00+01:00 --to 2026-11-02T00:00Z').window).toEqual({
      from: '2026-11-01T00:00:00.000Z',
      to: '2026-11-02T00:00:00.000Z',
    });
  });

  it('name the output and the stack', () => {
    expect(read('--from 2026-11-01 --to 2026-11-02 --json --csv out.csv --data-dir .other')).toMatchObject({
      json: true,
      csvFile: 'out.csv',
      dataDir: '.other',
    });
  });

  it('may be more than the 45 days that Impact lists at once', () => {
    expect(read('--from 2026-01-01 --to 2026-11-22').window.from).toBe('2026-01-01T00:00:00.000Z');
  });

  it.each([
    ['', '--from is missing'],
    ['--from 2026-11-01', '--to is missing'],
    ['--from yesterday --to 2026-11-02', '--from yesterday is not a date'],
    ['--from 2026-11-01 --to 2026-02-30', '--to 2026-02-30 is not a date'],
    ['--from 01.11.2026 --to 2026-11-02', '--from 01.11.2026 is not a date'],
    ['--from 2026-11-01T00:00:00 --to 2026-11-02', 'is not a date'],
    ['--from 2026-11-05 --to 2026-11-02', '--from 2026-11-05 is not before --to 2026-11-02'],
    ['--from 2027-11-01 --to 2027-11-02', 'is in the future'],
    ['--from 2020-01-01 --to 2020-02-01', 'more than three years ago'],
    ['--since 2026-11-01', "Unknown option '--since'"],
    ['2026-11-01', 'Unexpected argument'],
  ])('are refused with a message: %s', (line, message) => {
    expect(refusal(line)).toContain(message);
  });
});
