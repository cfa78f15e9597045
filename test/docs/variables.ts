import { parseEnv } from 'node:util';
import { readProjectFile } from '../deployment/project-files.js';

/** .env.example has every variable: see test/deployment/env-example.test.ts. */
const known = Object.keys(parseEnv(await readProjectFile('.env.example')));

/** What a page sets and the service does not read. */
export function unknownVariables(text: string): string[] {
  return Object.keys(parseEnv(text)).filter((name) => !known.includes(name));
}
