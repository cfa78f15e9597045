import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const DIRECTORY = fileURLToPath(new URL('./histories/', import.meta.url));

export function historyFile(name: string): string {
  return `${DIRECTORY}${name}.json`;
}

/** The paths that were recorded: `npm run record:histories`. */
export async function recordedNames(): Promise<string[]> {
  const files = await readdir(DIRECTORY);
  return files.map((file) => file.replace(/\.json$/, '')).sort();
}

export async function readHistory(name: string): Promise<unknown> {
  return JSON.parse(await readFile(historyFile(name), 'utf8'));
}
