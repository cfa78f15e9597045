import { spawn } from 'node:child_process';
import { expect, it } from 'vitest';
import { outputOf } from '../support/child-output.js';

const COMMAND = 'node --import tsx src/cli/conversions.ts --help';

it('a pipe that is closed early, as by head, is no failure of the command', async () => {
  const script = `set -o pipefail; ${COMMAND} | true`;
  const shell = spawn('bash', ['-c', script], { stdio: ['ignore', 'pipe', 'pipe'] });
  expect(await outputOf(shell)).toEqual({ exitCode: 0, stdout: '', stderr: '' });
});

it('a pipe gets no colours', async () => {
  const shell = spawn('bash', ['-c', `${COMMAND} | cat`], { stdio: ['ignore', 'pipe', 'pipe'] });
  const { stdout } = await outputOf(shell);
  expect(stdout).toMatch(/^Usage: npm run -s conversions -- /);
  expect(stdout).not.toContain('\u001b');
});
