import { readFileSync } from 'node:fs';
import type { Environment } from '../config.js';

/** `0.1.0`, or `0.1.0 (build 4f2c1a9)` where the environment names the workers' build. */
export function readVersion({ WORKER_BUILD_ID: build }: Environment): string {
  const { version } = JSON.parse(readPackage(new URL('../../package.json', import.meta.url)));
  return build ? `${version} (build ${build})` : version;
}

/** The build puts the code one folder deeper, in dist/. */
function readPackage(file: URL): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return readFileSync(new URL('../package.json', file), 'utf8');
  }
}
