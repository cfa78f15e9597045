import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Block } from './pages.js';

/** A block as a module of its own. */
export interface Module {
  path: string;
  text: string;
  block: Block;
}

/** By name: the statement that imports it. */
type Sources = Map<string, string>;

/**
 * Makes modules of blocks. The links are at a module's end, so that its lines are those of the block.
 * @param preludes files for pages, such as `docs-operations.ts` for docs/operations.md
 */
export function linked(blocks: readonly Block[], preludes: readonly string[]): Module[] {
  const modules: Module[] = [];
  const sources = new Map<string, Sources>();
  for (const block of blocks) {
    const folder = block.page.replace(/\.md$/, '').replaceAll('/', '-');
    const known = sources.get(block.page) ?? preludeOf(folder, preludes);
    sources.set(block.page, known);
    const path = freePath(folder, block, modules);
    const { declared, unexported, imported } = namesOf(block.text);
    const own = new Set([...declared, ...imported.keys()]);
    const links = [...known].filter(([name]) => !own.has(name) && mentions(block.text, name));
    const text = [
      block.text,
      ...links.map(([, statement]) => statement),
      `export { ${unexported.join(', ')} };`,
    ].join('\n');
    modules.push({ path, text, block });
    for (const name of declared) known.set(name, importOf(name, path));
    for (const [name, statement] of imported) known.set(name, statement);
  }
  return modules;
}

/** A block that begins with `// proxy.ts` is that file of its page, so that others can import it. */
function freePath(folder: string, { language, text, line }: Block, modules: readonly Module[]): string {
  const [, named] = /^\/\/ ([\w./-]+\.tsx?)\b/.exec(text) ?? [];
  const path = `${folder}/${named?.replace(/\.tsx?$/, '')}.${language}`;
  const isFree = named !== undefined && modules.every((module) => module.path !== path);
  return isFree ? path : `${folder}/line-${line}.${language}`;
}

function preludeOf(folder: string, preludes: readonly string[]): Sources {
  const file = preludes.find((name) => name.replace(/\.tsx?$/, '') === folder);
  if (!file) return new Map();
  const text = readFileSync(join(import.meta.dirname, 'preludes', file), 'utf8');
  const [, passedOn = ''] = /^export \{(.*)\} from /m.exec(text) ?? [];
  const names = [...namesOf(text).declared, ...passedOn.split(',').map((name) => name.trim())];
  return new Map(names.filter(Boolean).map((name) => [name, importOf(name, file)]));
}

/** type-check.ts gives the folder of the modules this name. */
const importOf = (name: string, path: string) =>
  `import { ${name} } from 'blocks/${path.replace(/\.tsx?$/, '')}';`;

function mentions(text: string, name: string): boolean {
  return new RegExp(`(?<![.\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`).test(text);
}

const DECLARATION =
  /^(export )?(?:default )?(?:declare )?(?:async )?(?:const|let|var|function|class|interface|type) (?:([\w$]+)|[{[]([^}\]]*)[}\]])/gm;
const IMPORT = /^import (type )?(?:([\w$]+)(?:, )?)?(?:\{([^}]*)\})? from ('[^']+')/gm;

/** The names at the top level of a module. */
function namesOf(text: string) {
  const declared: string[] = [];
  const unexported: string[] = [];
  for (const [, exported, name, pattern = ''] of text.matchAll(DECLARATION)) {
    const names = name ? [name] : pattern.split(',').map((part) => (part.split(':').at(-1) ?? '').trim());
    declared.push(...names);
    if (!exported) unexported.push(...names);
  }
  const imported = new Map<string, string>();
  for (const [, type = '', byDefault, list = '', from] of text.matchAll(IMPORT)) {
    if (byDefault) imported.set(byDefault, `import ${type}${byDefault} from ${from};`);
    for (const part of list.split(',').flatMap((word) => word.trim() || []))
      imported.set(part.split(' ').at(-1) ?? '', `import ${type}{ ${part} } from ${from};`);
  }
  return { declared, unexported, imported };
}
