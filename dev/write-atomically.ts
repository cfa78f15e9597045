import { rename, writeFile } from 'node:fs/promises';

/** A reader, or a crash, sees the old content or the new one, never a half. */
export async function writeAtomically(path: string, content: string, mode = 0o644): Promise<void> {
  const draft = `${path}.${process.pid}.tmp`;
  await writeFile(draft, content, { mode });
  await rename(draft, path);
}
