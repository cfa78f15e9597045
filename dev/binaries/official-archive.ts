import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { verifySha256 } from './sha256.js';

/** Long enough for a slow answer, short enough to wait for on a machine whose firewall drops packets. */
export const CONNECT_TIMEOUT_MS = 5_000;

export async function downloadArchive(
  archive: { url: string; sha256: string },
  member: string,
  directory: string,
): Promise<string> {
  const file = join(directory, 'archive.tar.gz');
  await download(archive.url, file);
  await verifySha256(file, archive.sha256);
  await promisify(execFile)('tar', ['-xzf', file, '-C', directory, member]);
  return join(directory, member);
}

async function download(url: string, file: string): Promise<void> {
  const aborter = new AbortController();
  const noAnswer = new Error(`no answer within ${CONNECT_TIMEOUT_MS / 1000} s`);
  const timer = setTimeout(() => aborter.abort(noAnswer), CONNECT_TIMEOUT_MS);
  const response = await fetch(url, { signal: aborter.signal }).finally(() => clearTimeout(timer));
  if (!response.ok || !response.body) throw new Error(`${url} answered ${response.status}`);
  await pipeline(Readable.fromWeb(response.body), createWriteStream(file));
}
