import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { findBinary, type Source } from '../../dev/binaries/index.js';
import { downloadArchive } from '../../dev/binaries/official-archive.js';
import { sha256Of } from '../../dev/binaries/sha256.js';
import { createSay, tempDir } from './support.js';

const { say } = createSay();

test('takes the executable that the environment names, before one on PATH', async () => {
  const home = await tempDir();
  const named = await executable(join(home, 'named', 'my-temporal'));
  const onPath = await executable(join(home, 'bin', 'temporal'));
  const env = { ...envOf(home), PATH: dirname(onPath) };

  expect(await findBinary('temporal', say, { env: { ...env, TEMPORAL_CLI_PATH: named } })).toBe(named);
  expect(await findBinary('temporal', say, { env })).toBe(onPath);
});

test('refuses a path in the environment that is wrong, rather than look elsewhere', async () => {
  const home = await tempDir();
  await executable(join(home, 'bin', 'mongod'));
  const env = { ...envOf(home), PATH: join(home, 'bin'), MONGOD_PATH: join(home, 'nowhere') };

  await expect(findBinary('mongod', say, { env })).rejects.toThrow(
    /MONGOD_PATH is .*nowhere.*Correct or unset it/,
  );
});

test('downloads once, and finds it in the cache from then on', async () => {
  const env = envOf(await tempDir());
  const source = fakeSource();
  const { say, lines } = createSay();

  const first = await findBinary('temporal', say, { env, sources: [source] });
  const second = await findBinary('temporal', say, { env, sources: [source] });

  expect(second).toBe(first);
  expect(await readFile(first, 'utf8')).toBe(CONTENT);
  expect(source.fetched).toBe(1);
  expect(lines).toEqual(['temporal: downloading 1.0 from a fake']);
});

test('goes on to the next source when one fails, and says why', async () => {
  const env = envOf(await tempDir());
  const { say, lines } = createSay();

  const found = await findBinary('temporal', say, {
    env,
    sources: [failingSource('no route'), fakeSource()],
  });

  expect(await readFile(found, 'utf8')).toBe(CONTENT);
  expect(lines).toContain('temporal: not from nowhere: no route');
});

test('says what to install and what to set when nothing works', async () => {
  const env = envOf(await tempDir());
  const found = findBinary('temporal', say, { env, sources: [failingSource('no route')] });

  await expect(found).rejects.toThrow(/nowhere: no route\nInstall the Temporal CLI .*TEMPORAL_CLI_PATH/);
});

test('downloads again when the cached executable is not what was put there', async () => {
  const env = envOf(await tempDir());
  const source = fakeSource();
  const cached = await findBinary('temporal', say, { env, sources: [source] });
  await writeFile(cached, 'something else');

  const found = await findBinary('temporal', say, { env, sources: [source] });

  expect(await readFile(found, 'utf8')).toBe(CONTENT);
  expect(source.fetched).toBe(2);
});

test('finders that download at the same time end up with one whole executable', async () => {
  const home = await tempDir();
  const finders = Array.from({ length: 5 }, () =>
    findBinary('temporal', say, { env: envOf(home), sources: [fakeSource()] }),
  );

  const [first, ...others] = await Promise.all(finders);

  expect(new Set(others)).toEqual(new Set([first]));
  expect(await readdir(join(home, 'affiliate-conversion-tracking'))).toHaveLength(1);
});

test('unpacks a downloaded archive with the pinned checksum', async () => {
  const { url, sha256, directory } = await servedArchive();
  const found = await downloadArchive({ url, sha256 }, 'temporal', directory);
  expect(await readFile(found, 'utf8')).toBe(CONTENT);
});

test('refuses a downloaded archive with another checksum, naming both', async () => {
  const { url, sha256, directory } = await servedArchive();
  const pinned = '0'.repeat(64);
  const found = downloadArchive({ url, sha256: pinned }, 'temporal', directory);
  await expect(found).rejects.toThrow(`its SHA-256 should be ${pinned} and is ${sha256}`);
});

const CONTENT = '#!/bin/sh\n';

/** An environment in which nothing is installed. */
function envOf(home: string) {
  return { XDG_CACHE_HOME: home, PATH: '' };
}

async function executable(path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, CONTENT);
  await chmod(path, 0o755);
  return path;
}

function fakeSource(): Source & { fetched: number } {
  const source = {
    title: 'a fake',
    version: '1.0',
    fetched: 0,
    fetch: (directory: string) => {
      source.fetched += 1;
      return executable(join(directory, 'downloaded'));
    },
  };
  return source;
}

function failingSource(reason: string): Source {
  return { title: 'nowhere', version: '1.0', fetch: () => Promise.reject(new Error(reason)) };
}

async function servedArchive() {
  const directory = await tempDir();
  await executable(join(directory, 'in', 'temporal'));
  const archive = join(directory, 'temporal.tar.gz');
  await promisify(execFile)('tar', ['-czf', archive, '-C', join(directory, 'in'), 'temporal']);
  const content = await readFile(archive);
  const server = createServer((_, response) => response.end(content)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/temporal.tar.gz`, sha256: await sha256Of(archive), directory };
}
