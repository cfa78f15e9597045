import { execFile } from 'node:child_process';
import { chown, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { firstExecutable } from '../../dev/binaries/cache.js';
import { startChild, untilReady } from '../../dev/child.js';
import { freePort, isListening } from '../../dev/ports.js';
import { MissingProgram } from './missing-program.js';

const run = promisify(execFile);

/** The id of Debian's user without rights. PostgreSQL refuses to run as root, so root runs it as this user. */
const UNPRIVILEGED_ID = 65_534;

const DEBIAN = '/usr/lib/postgresql';

/**
 * A PostgreSQL server on loopback with its defaults, which include `fsync`. It has one user, without a password. Its data
 * are removed when it stops.
 * @throws MissingProgram
 */
export async function startPostgres(user: string) {
  const programs = await findPrograms();
  const directory = await mkdtemp(join(tmpdir(), 'affiliate-postgres-'));
  if (isRoot()) await chown(directory, UNPRIVILEGED_ID, UNPRIVILEGED_ID);
  const data = join(directory, 'data');
  await run(
    ...unprivileged(join(programs, 'initdb'), ['-D', data, '-U', user, '--auth=trust', '-E', 'UTF8']),
    {
      cwd: directory,
    },
  );
  const port = await freePort();
  const listening = [
    '-p',
    String(port),
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    'unix_socket_directories=',
  ];
  const [command, args] = unprivileged(join(programs, 'postgres'), ['-D', data, ...listening]);
  const child = await startChild({ name: 'postgres', command, args, cwd: directory });
  await untilReady(child, () => isListening(port));
  return {
    port,
    pid: child.pid,
    async stop() {
      await child.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** The directory of the newest server: Debian keeps it off PATH. */
async function findPrograms(): Promise<string> {
  const versions = await readdir(DEBIAN).catch(() => []);
  const newestFirst = versions.sort((a, b) => Number(b) - Number(a)).map((each) => join(DEBIAN, each, 'bin'));
  const directories = [...newestFirst, ...(process.env.PATH ?? '').split(delimiter)];
  for (const each of directories) if (await firstExecutable([join(each, 'initdb')])) return each;
  throw new MissingProgram(`there is no PostgreSQL server (initdb) in ${DEBIAN}/*/bin or on PATH`);
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function unprivileged(command: string, args: string[]): [command: string, args: string[]] {
  if (!isRoot()) return [command, args];
  const ids = [`--reuid=${UNPRIVILEGED_ID}`, `--regid=${UNPRIVILEGED_ID}`, '--clear-groups'];
  return ['setpriv', [...ids, command, ...args]];
}
