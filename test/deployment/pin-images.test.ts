import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { tempDir } from '../dev/support.js';
import type { ComposeFile } from './compose-file.js';

const run = promisify(execFile);

/** A copy of the files, and a `docker` that answers for every image with this digest. */
async function project(digest: string) {
  const root = await tempDir();
  await mkdir(join(root, 'bin'));
  for (const file of ['docker-compose.yml', 'Dockerfile', '.ci/pin-images']) await cp(file, join(root, file));
  const pin = async (answer = digest) => {
    const docker = `#!/bin/sh\n[ "$1 $2 $3" = "buildx imagetools inspect" ] && echo "Name: $4\nDigest: ${answer}"\n`;
    await writeFile(join(root, 'bin/docker'), docker, { mode: 0o755 });
    const env = { ...process.env, PATH: `${join(root, 'bin')}:${process.env.PATH}` };
    return run(join(root, '.ci/pin-images'), { env });
  };
  const images = async () => {
    const { services }: ComposeFile = parse(await readFile(join(root, 'docker-compose.yml'), 'utf8'), {
      merge: true,
    });
    const dockerfile = await readFile(join(root, 'Dockerfile'), 'utf8');
    const bases = [...dockerfile.matchAll(/^FROM (\S+:\S+) AS /gm)].map(([, image]) => image);
    return [...Object.values(services).flatMap(({ image, build }) => (build ? [] : image)), ...bases];
  };
  return { pin, images };
}

test('adds the digest of each image that comes from a registry, beside its tag', async () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  const { pin, images } = await project(digest);
  const tags = await images();
  await pin();
  expect(await images()).toEqual(tags.map((image) => `${image}@${digest}`));
});

test('replaces the digests when an operator runs it again', async () => {
  const { pin, images } = await project(`sha256:${'a'.repeat(64)}`);
  const tags = await images();
  await pin();
  const newer = `sha256:${'b'.repeat(64)}`;
  await pin(newer);
  expect(await images()).toEqual(tags.map((image) => `${image}@${newer}`));
});

test('fails, and names the image, if the registry gives no digest', async () => {
  const { pin } = await project('none');
  await expect(pin()).rejects.toThrow(/\S+:\S+ has no digest/);
});
