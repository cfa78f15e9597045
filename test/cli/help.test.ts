import { describe, expect, it } from 'vitest';
import { runInShell } from '../support/shell.js';

const COMMANDS = [
  ...[
    'status',
    'list',
    'find',
    'explain',
    'retry',
    'abandon',
    'pause',
    'resume',
    'audit',
    'doctor',
    'programme',
    'import',
  ],
];

describe('help', () => {
  it.each([['--help'], ['-h'], ['help']])('is no error: %s', async (argument) => {
    const { exitCode, stdout, stderr } = await runInShell([argument]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${command} .*\\w`, 'm'));
  });

  it.each(COMMANDS)('has the purpose, the options and an example of each command: %s', async (command) => {
    const { exitCode, stdout, stderr } = await runInShell([command, '--help']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`^Usage: conversions ${command}.*\n\n[A-Z][^.]*\\.`));
    expect(stdout).toMatch(new RegExp(`^Examples:\n  conversions ${command}`, 'm'));
    expect(stdout).toContain('--data-dir');
    expect((await runInShell(['help', command])).stdout).toBe(stdout);
  });

  it('is the answer where the command is missing, after the reason', async () => {
    const { exitCode, stdout, stderr } = await runInShell([]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^A command is missing\.\n\nUsage/);
  });
});

describe('a mistyped command', () => {
  it.each([
    [['explian', 'signup:1']],
    [['explian', '--help']],
    [['help', 'explian']],
    [['--json', 'explian']],
  ])('is answered with the nearest one: %j', async (args) => {
    const { exitCode, stdout, stderr } = await runInShell(args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^error: unknown command 'explian'\n\(Did you mean explain\?\)/);
  });

  it('is none of the names that every object has', async () => {
    const { exitCode, stderr } = await runInShell(['toString']);
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("unknown command 'toString'"),
    });
  });
});

describe('an option', () => {
  it('that is mistyped is answered with the nearest one', async () => {
    const { exitCode, stderr } = await runInShell(['list', '--sttus', 'parked']);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^error: unknown option '--sttus'\n\(Did you mean --status\?\)/);
  });

  it.each([[['--data-dir', '/no/such', 'status']], [['status', '--data-dir', '/no/such']]])(
    'of every command may come before the command: %j',
    async (args) => {
      const { exitCode, stderr } = await runInShell(args);
      expect(exitCode).toBe(2);
      expect(stderr).toContain('there is no /no/such/stack.json');
    },
  );
});

describe('wrong arguments', () => {
  it.each([
    ['list --status stuck', 'Allowed choices are pending, reporting'],
    ['list --limit 0', 'It is not a number from 1 to 1000'],
    ['list --limit 1001', 'It is not a number from 1 to 1000'],
    ['list --limit many', "argument 'many' is invalid"],
    ['list signup:1', 'too many arguments'],
    ['list --click a,b', 'It is not 1 to 64 printable ASCII characters'],
    ['list --from yesterday', 'It is not a day such as 2026-11-17'],
    ['list --to 2026-02-30', 'It is not a day such as 2026-11-17'],
    ['find', "missing required argument 'anything'"],
    ['find a b', 'Expected 1 argument but got 2'],
    ['explain', "missing required argument 'id'"],
    ['explain signup:1 signup:2', 'Expected 1 argument but got 2'],
    ['retry', 'Which conversion?'],
    ['retry signup:1 signup:2', 'too many arguments'],
    ['retry --all signup:1', '--all is for many conversions: no id'],
    ['retry --all --status pending', 'Allowed choices are parked, skipped, abandoned, declined'],
    ['retry signup:1 --reason impact_refused', '--reason, --event and --status go with --all'],
    ['retry --reason impact_refused', 'Which conversion?'],
    ['abandon --reason test', 'Which conversion?'],
    ['abandon --all signup:1 --reason test', '--all is for many conversions: no id'],
    ['abandon signup:1 --reason test --park-reason locked', '--park-reason and --event go with --all'],
    ['abandon --all', "required option '--reason <text>' not specified"],
    ['abandon signup:1', "required option '--reason <text>' not specified"],
    ['abandon signup:1 --reason=', 'It is empty'],
    [`abandon signup:1 --reason ${'x'.repeat(501)}`, 'It has more than 500 characters'],
    [`retry signup:1 --by ${'k'.repeat(201)}`, 'It has more than 200 characters'],
    ['audit', 'Which days? Give --from and --to'],
    ['pause now', 'too many arguments'],
    ['programme chek programme.json', "unknown command 'chek'"],
    ['programme check', "missing required argument 'file'"],
    ['import', "missing required argument 'file'"],
    ['import a.csv b.csv', 'Expected 1 argument but got 2'],
    ['programme check a.json b.json', 'Expected 1 argument but got 2'],
  ])('are refused with what is wrong first: %s', async (line, expected) => {
    const { exitCode, stdout, stderr } = await runInShell(line.split(' '));
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr.split('\n')[0]).toContain(expected);
  });

  it('do not include a note that is as long as the timeline keeps', async () => {
    const note = ['--reason', 'x'.repeat(500), '--by', 'k'.repeat(200), '--yes', '--data-dir', '/no/such'];
    expect((await runInShell(['abandon', 'signup:1', ...note])).stderr).toContain('/no/such/stack.json');
  });

  it('do not reach the terminal as control characters', async () => {
    const { stderr } = await runInShell(['\u001b[2J\u202e']);
    expect(stderr).toContain("unknown command '\\u001b[2J\\u202e'");
  });
});

describe('the version', () => {
  it.each([['--version'], ['-V']])('is that of the package: %s', async (argument) => {
    expect(await runInShell([argument])).toEqual({
      exitCode: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      stderr: '',
    });
  });

  it('names the build that the environment names', async () => {
    const environment = { WORKER_BUILD_ID: '4f2c1a9' };
    expect((await runInShell(['--version'], { environment })).stdout).toMatch(/ \(build 4f2c1a9\)$/);
  });
});
