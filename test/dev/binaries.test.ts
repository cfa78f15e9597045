import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { type Download, downloadWheel } from '../../dev/binaries/download.js';
import { findBinary } from '../../dev/binaries/index.js';
import { serve } from '../../dev/serve.js';
import { createSay, stopAfterTest, tempDir } from './support.js';

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

test('downloads once, from the first place that has it, and then finds it in the cache', async () => {
  const env = envOf(await tempDir());
  const { say, lines } = createSay();
  const downloads = [failing('no route'), fake()];

  const found = await findBinary('temporal', say, { env, downloads });
  const again = await findBinary('temporal', say, { env, downloads });

  expect(again).toBe(found);
  expect(await readFile(found, 'utf8')).toBe(CONTENT);
  expect(lines).toEqual([
    'temporal: downloading 1.0 from nowhere',
    'temporal: no download from nowhere: no route',
    'temporal: downloading 2.0 from a fake',
    'temporal: downloaded in 0 s',
  ]);
});

test('says what to install and what to set when nothing works', async () => {
  const env = envOf(await tempDir());
  const found = findBinary('temporal', say, { env, downloads: [failing('no route')] });

  await expect(found).rejects.toThrow(/nowhere: no route\nInstall the Temporal CLI .*TEMPORAL_CLI_PATH/);
});

test('finders that download at the same time end up with one whole executable', async () => {
  const home = await tempDir();
  const finders = Array.from({ length: 5 }, () =>
    findBinary('temporal', say, { env: envOf(home), downloads: [fake()] }),
  );

  const [first, ...others] = await Promise.all(finders);

  expect(new Set(others)).toEqual(new Set([first]));
  expect(await readdir(join(home, 'affiliate-conversion-tracking'))).toHaveLength(1);
});

test('unpacks a wheel with the pinned checksum, and refuses it with another one, naming both', async () => {
  const requirement = await buildWheel(await tempDir());
  const actual = sha256Of(await readFile(requirement));
  const fetchPinned = async (sha256: string) => {
    const checksums = { [`${process.platform}-${process.arch}`]: sha256 };
    const wheel = { version: '1.0', requirement, member: 'thing-1.0.dist-info/WHEEL', sha256: checksums };
    return downloadWheel(wheel, await tempDir());
  };

  expect(await readFile(await fetchPinned(actual), 'utf8')).toContain('Wheel-Version');
  const pinned = '0'.repeat(64);
  await expect(fetchPinned(pinned)).rejects.toThrow(`its SHA-256 should be ${pinned} and is ${actual}`);
});

test('tells how far the download of a wheel is, while it is under way', async () => {
  const directory = await tempDir();
  const wheel = await buildWheel(await tempDir(), 3_000_000);
  const content = await readFile(wheel);
  const reports: [done: number, total: number | undefined][] = [];
  const { indexUrl, sendTheRest } = await serveHalf(content, basename(wheel));

  const pinned = {
    version: '1.0',
    requirement: 'thing==1.0',
    member: 'thing-1.0.dist-info/WHEEL',
    sha256: { [`${process.platform}-${process.arch}`]: sha256Of(content) },
  };
  const report = (done: number, total?: number) => {
    reports.push([done, total]);
    if (done > 1_000_000) sendTheRest();
  };
  const env = { PATH: process.env.PATH, HOME: directory, PIP_INDEX_URL: indexUrl, PIP_NO_CACHE_DIR: '1' };
  await downloadWheel(pinned, directory, { report, env });

  const underWay = reports.find(([done]) => done > 1_000_000);
  expect(underWay?.[0]).toBeLessThan(content.length);
  expect(underWay?.[1]).toBeCloseTo(content.length, -5);
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

function fake(): Download {
  return { title: 'a fake', version: '2.0', fetch: (directory) => executable(join(directory, 'downloaded')) };
}

function failing(reason: string): Download {
  return { title: 'nowhere', version: '1.0', fetch: () => Promise.reject(new Error(reason)) };
}

/** pip takes a wheel that is a file from where it is, and needs no index for it. */
async function buildWheel(directory: string, size = 0): Promise<string> {
  const info = join(directory, 'thing-1.0.dist-info');
  const wheel = join(directory, 'thing-1.0-py3-none-any.whl');
  await mkdir(info);
  await writeFile(join(info, 'METADATA'), 'Metadata-Version: 2.1\nName: thing\nVersion: 1.0\n');
  await writeFile(join(info, 'WHEEL'), 'Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n');
  await writeFile(join(info, 'content'), randomBytes(size));
  await promisify(execFile)('python3', ['-m', 'zipfile', '-c', wheel, info]);
  return wheel;
}

function sha256Of(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** A package index with one wheel. It sends the second half of the file once the test asks for it. */
async function serveHalf(content: Buffer, file: string) {
  const half = new EventEmitter();
  const server = createServer(async (request, response) => {
    if (request.url !== `/${file}`) {
      response.setHeader('content-type', 'text/html').end(`<a href="/${file}">${file}</a>`);
      return;
    }
    response.setHeader('content-length', content.length);
    response.write(content.subarray(0, content.length / 2));
    await once(half, 'rest');
    response.end(content.subarray(content.length / 2));
  });
  const { url } = stopAfterTest(await serve(server));
  return { indexUrl: `${url}/simple/`, sendTheRest: () => void half.emit('rest') };
}
