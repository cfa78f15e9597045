import { describe, expect, it } from 'vitest';
import { readAbandonArguments } from '../../src/cli/abandon.js';
import { UsageError } from '../../src/cli/command-arguments.js';
import { readListArguments } from '../../src/cli/list.js';
import { readRetryArguments } from '../../src/cli/retry.js';

const words = (line: string) => line.split(' ').filter(Boolean);
const list = (line: string) => readListArguments(words(line));
const retry = (line: string) => readRetryArguments(words(line), 'kim');
const abandon = (line: string) => readAbandonArguments(words(line), 'kim');

function refusal(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as Error).message;
  }
  throw new Error('the arguments were accepted');
}

describe('the arguments of list', () => {
  it('may be absent: the newest conversions are listed', () => {
    expect(list('')).toMatchObject({ filter: { status: undefined }, page: { limit: 50, cursor: undefined } });
  });

  it('filter the list', () => {
    expect(
      list(
        '--status parked --event signup --reason too_old --user u1 --limit 5 --cursor c --json --data-dir .d',
      ),
    ).toEqual({
      filter: { status: 'parked', event: 'signup', reason: 'too_old', userId: 'u1' },
      page: { limit: 5, cursor: 'c' },
      json: true,
      dataDir: '.d',
    });
  });

  it.each([
    ['--status stuck', '--status stuck is none of: pending, reporting'],
    ['--limit 0', '--limit 0 is not a number from 1 to 1000'],
    ['--limit 1001', 'is not a number from 1 to 1000'],
    ['--limit many', 'is not a number'],
    ['--parked', "Unknown option '--parked'"],
    ['signup:1', "Unexpected argument 'signup:1'"],
  ])('are refused with a message: %s', (line, expected) => {
    expect(refusal(() => list(line))).toContain(expected);
  });
});

describe('a note of an operator', () => {
  it.each([
    [`signup:1 --reason ${'x'.repeat(501)}`, '--reason has more than 500 characters'],
    [`signup:1 --reason x --by ${'k'.repeat(201)}`, '--by has more than 200 characters'],
  ])('is refused where it is longer than the timeline keeps', (line, expected) => {
    expect(refusal(() => abandon(line))).toContain(expected);
  });

  it('may have as many characters as the timeline keeps', () => {
    const [reason, by] = ['x'.repeat(500), 'k'.repeat(200)];
    expect(abandon(`signup:1 --reason ${reason} --by ${by}`)).toMatchObject({ reason, by });
  });
});

describe('the arguments of retry', () => {
  it('are one conversion, and the operator, who is by default the one who runs it', () => {
    expect(retry('signup:1')).toMatchObject({ id: 'signup:1', by: 'kim', restart: false });
    expect(retry('signup:1 --restart --by alex')).toMatchObject({ by: 'alex', restart: true });
  });

  it('are --all, with a reason and an event', () => {
    expect(retry('--all')).toMatchObject({ filter: {}, yes: false });
    expect(retry('--all --reason impact_refused --event signup --yes')).toMatchObject({
      filter: { reason: 'impact_refused', event: 'signup' },
      yes: true,
    });
  });

  it.each([
    ['', 'Which conversion?'],
    ['signup:1 signup:2', 'One conversion at a time, not 2'],
    ['--all signup:1', '--all is for everything parked: no id'],
    ['--all --restart', '--all is for everything parked: no id, and no --restart'],
    ['signup:1 --reason impact_refused', '--reason and --event go with --all'],
    ['--reason impact_refused', '--reason and --event go with --all'],
  ])('are refused with a message: %s', (line, expected) => {
    expect(refusal(() => retry(line))).toContain(expected);
  });
});

describe('the arguments of abandon', () => {
  it('are one conversion and a reason', () => {
    expect(abandon('signup:1 --reason test')).toMatchObject({ id: 'signup:1', by: 'kim', reason: 'test' });
  });

  it.each([
    ['--reason test', 'Which conversion?'],
    ['signup:1', '--reason is missing'],
  ])('are refused with a message: %s', (line, expected) => {
    expect(refusal(() => abandon(line))).toContain(expected);
  });
});
