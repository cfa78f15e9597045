import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { it } from 'vitest';

it('publint and attw find no problem in the packages that npm would publish', async () => {
  await promisify(execFile)('npm', ['run', 'check:packages']);
}, 120_000);
