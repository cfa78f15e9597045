import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CONNECT_TIMEOUT_MS } from './official-archive.js';

export async function downloadMongod(version: string, directory: string): Promise<string> {
  await checkReachable();
  const { MongoBinary } = await import('mongodb-memory-server-core');
  const found = await MongoBinary.getPath({ version, downloadDir: directory, checkMD5: true });
  // It may be in a cache of mongodb-memory-server's own, which stays as it is.
  const executable = join(directory, 'mongod-executable');
  await copyFile(found, executable);
  return executable;
}

/** mongodb-memory-server tries for minutes before it gives up. It uses a proxy, which Node's fetch does not. */
async function checkReachable(): Promise<void> {
  if (process.env.HTTPS_PROXY || process.env.https_proxy) return;
  const host = process.env.MONGOMS_DOWNLOAD_MIRROR ?? 'https://fastdl.mongodb.org';
  await fetch(host, { method: 'HEAD', signal: AbortSignal.timeout(CONNECT_TIMEOUT_MS) });
}
