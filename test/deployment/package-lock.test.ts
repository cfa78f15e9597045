import { expect, test } from 'vitest';
import { readProjectFile } from './project-files.js';

interface LockedPackage {
  integrity?: string;
  resolved?: string;
  link?: boolean;
  inBundle?: boolean;
}

const { packages } = JSON.parse(await readProjectFile('package-lock.json')) as {
  packages: Record<string, LockedPackage>;
};
const { workspaces } = JSON.parse(await readProjectFile('package.json')) as { workspaces: string[] };
const entries = Object.entries(packages);

/** This project and its workspaces come from the repository; a bundled package comes in the archive of another one. */
function isFromRegistry([path, { link, inBundle }]: [string, LockedPackage]): boolean {
  return !['', ...workspaces].includes(path) && !link && !inBundle;
}

test('names a SHA-512 hash for every package of the registry, also for those of other platforms', () => {
  const fromRegistry = entries.filter(isFromRegistry);
  expect(fromRegistry.length).toBeGreaterThan(500);
  const without = fromRegistry.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'));
  expect(without.map(([path]) => path)).toEqual([]);
});

test('names no registry, so that every installation uses its own', () => {
  const resolved = entries.flatMap(([, { resolved }]) => resolved ?? []);
  expect(new Set(resolved)).toEqual(new Set(workspaces));
});
