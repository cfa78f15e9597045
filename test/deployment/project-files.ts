import { readFile } from 'node:fs/promises';
import { apiSchema, workerSchema } from '../../src/environment.js';

/** A file of the project, by its path from the top level. */
export function readProjectFile(path: string): Promise<string> {
  return readFile(new URL(`../../${path}`, import.meta.url), 'utf8');
}

/** The variables that each process declares, without Temporal's own. */
export const configVariables = {
  api: Object.keys(apiSchema.shape),
  worker: Object.keys(workerSchema.shape),
};
