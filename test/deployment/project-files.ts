import { readFile } from 'node:fs/promises';

/** A file of the project, by its path from the top level. */
export function readProjectFile(path: string): Promise<string> {
  return readFile(new URL(`../../${path}`, import.meta.url), 'utf8');
}

/** The variables that src/config.ts declares for itself, by process. Temporal's own come on top. */
export async function configVariables() {
  const source = await readProjectFile('src/config.ts');
  const declaredIn = (name: string) => {
    const schema = source.match(new RegExp(`const ${name} = [\\s\\S]*?\\n(?=\\n)`))?.[0] ?? '';
    return [...schema.matchAll(/^\s+([A-Z][A-Z0-9_]+):/gm)].map(([, variable]) => String(variable));
  };
  const common = declaredIn('common');
  return {
    api: [...common, ...declaredIn('apiSchema')],
    worker: [...common, ...declaredIn('workerSchema')],
  };
}
