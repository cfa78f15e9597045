import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Output, outputOf } from './child-output.js';

const PROJECT_ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Runs `npm run -s conversions -- …` in a process of its own, with this environment alone. */
export async function runCli(args: string[], env: Record<string, string> = {}): Promise<Output> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/cli/conversions.ts', ...args], {
    cwd: PROJECT_ROOT,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return outputOf(child);
}
