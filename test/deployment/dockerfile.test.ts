import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { readComposeFile } from './compose-file.js';
import { readProjectFile } from './project-files.js';

interface Stage {
  from: string;
  name: string;
  instructions: string[];
}

const stages = parseStages(await readProjectFile('Dockerfile'));
const last = stages.at(-1);

test('builds on an exact version of Node on Debian, because the native modules need glibc', () => {
  const bases = stages.map(({ from }) => from).filter((from) => !stages.some(({ name }) => name === from));
  expect(new Set(bases).size).toBe(1);
  expect(bases[0]).toMatch(/^node:\d+\.\d+\.\d+-bookworm-slim(@sha256:[0-9a-f]{64})?$/);
});

test('builds on a version of Node that package.json allows', async () => {
  const { engines } = JSON.parse(await readProjectFile('package.json'));
  const minimum = Number(engines.node.match(/^>=(\d+)/)[1]);
  expect(Number(last?.from.match(/^node:(\d+)/)?.[1])).toBeGreaterThanOrEqual(minimum);
});

test('runs nothing as root', () => {
  const started = stages.filter(({ instructions }) => instructions.some((line) => line.startsWith('CMD ')));
  const users = started.map(({ instructions }) => instructions.findLast((line) => line.startsWith('USER ')));
  expect(users).toEqual(['USER 1000:1000', 'USER 1000:1000']);
});

test('listens on an address that other containers can reach', () => {
  expect(last?.instructions.join('\n')).toMatch(/^ENV .*HOST=0\.0\.0\.0/m);
});

test('puts only runtime files into the image: no source, no development dependency', () => {
  expect(last?.instructions.filter((line) => line.startsWith('COPY '))).toEqual([
    'COPY package.json ./',
    'COPY --from=build /app/node_modules node_modules',
    'COPY --from=build /app/dist dist',
  ]);
  const build = stages.find(({ name }) => name === 'build');
  expect(build?.instructions.at(-1)).toMatch(/npm prune --omit=dev$/);
});

test('has a stage for everything that compose builds', async () => {
  const { services } = await readComposeFile();
  const targets = Object.values(services).flatMap(({ build }) => build?.target ?? []);
  expect(targets.filter((target) => !stages.some(({ name }) => name === target))).toEqual([]);
});

test('builds the service by default', () => {
  expect(last?.name).toBe('service');
});

test('copies exactly the files that .dockerignore admits', async () => {
  const [everything, ...exceptions] = (await readProjectFile('.dockerignore'))
    .split('\n')
    .filter((line) => line && !line.startsWith('#'));
  const copied = stages
    .flatMap(({ instructions }) => instructions)
    .filter((line) => line.startsWith('COPY ') && !line.startsWith('COPY --from'))
    .flatMap((line) => line.split(' ').slice(1, -1));
  expect(everything).toBe('*');
  expect(new Set(exceptions)).toEqual(new Set(copied.map((path) => `!${path}`)));
});

test('has everything in the image of the trials that the sandbox and the token issuer import', () => {
  const sandbox = stages.find(({ name }) => name === 'sandbox');
  for (const folder of ['src', 'dev']) expect(sandbox?.instructions).toContain(`COPY ${folder} ${folder}`);
});

test('installs nothing of the workspaces, whose files it does not have', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'image-'));
  for (const file of ['package.json', 'package-lock.json'])
    await writeFile(join(folder, file), await readProjectFile(file));
  const { stdout } = await promisify(execFile)('npm', ['ci', '--dry-run', '--offline'], { cwd: folder });
  await rm(folder, { recursive: true });
  const { workspaces, dependencies } = JSON.parse(await readProjectFile('package.json'));
  const manifests: string[] = await Promise.all(
    workspaces.map((workspace: string) => readProjectFile(`${workspace}/package.json`)),
  );
  const names = manifests.map((manifest) => JSON.parse(manifest).name);
  const isAdded = (name: string) => stdout.includes(`add ${name} `);
  expect(Object.keys(dependencies).filter((name) => !isAdded(name))).toEqual([]);
  expect([...names, 'openapi-fetch'].filter(isAdded)).toEqual([]);
});

/** Each stage with its instructions, one per line. */
function parseStages(dockerfile: string): Stage[] {
  const lines = dockerfile
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter(Boolean);
  const stages: Stage[] = [];
  for (const line of lines) {
    const [, from, name] = line.match(/^FROM (\S+) AS (\S+)$/) ?? [];
    if (from && name) stages.push({ from, name, instructions: [] });
    else stages.at(-1)?.instructions.push(line);
  }
  return stages;
}
