import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { readProjectFile } from '../deployment/project-files.js';

export const PROJECT_ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Every Markdown file of the project, by its path from the top level. */
export const PAGES: readonly string[] = await pagesIn('');

async function pagesIn(folder: string): Promise<string[]> {
  const entries = await readdir(`${PROJECT_ROOT}/${folder}`, { withFileTypes: true });
  const found = entries.map((entry) => {
    const path = `${folder}${entry.name}`;
    if (entry.isDirectory()) return isOurs(entry.name) ? pagesIn(`${path}/`) : [];
    return entry.name.endsWith('.md') ? [path] : [];
  });
  return (await Promise.all(found)).flat();
}

function isOurs(folder: string): boolean {
  return !folder.startsWith('.') && folder !== 'node_modules' && folder !== 'dist';
}

/** A fenced block. */
export interface Block {
  /** Its path. */
  page: string;
  language: string;
  /** What stands after the language. */
  name: string;
  /** Of its fence, from 1. */
  line: number;
  text: string;
}

export interface Page {
  headings: string[];
  blocks: Block[];
  /** The lines that are in no block. */
  prose: string[];
}

export async function readPage(path: string): Promise<Page> {
  const page: Page = { headings: [], blocks: [], prose: [] };
  let block: Block | undefined;
  let indentation = 0;
  for (const [index, line] of (await readProjectFile(path)).split('\n').entries()) {
    const fence = /^( *)```(\S*) *(.*)$/.exec(line);
    if (fence && !block) {
      const [, { length } = '', language = '', name = ''] = fence;
      indentation = length;
      block = { page: path, language, name, line: index + 1, text: '' };
      page.blocks.push(block);
    } else if (fence) block = undefined;
    else if (block) block.text += `${line.slice(indentation)}\n`;
    else readProse(page, line);
  }
  return page;
}

function readProse(page: Page, line: string): void {
  const [, heading] = /^#+ (.+)$/.exec(line) ?? [];
  if (heading !== undefined) page.headings.push(heading);
  page.prose.push(line);
}

export async function readAllBlocks(): Promise<Block[]> {
  const pages = await Promise.all(PAGES.map(readPage));
  return pages.flatMap(({ blocks }) => blocks);
}

/** As a message names a block. */
export const placeOf = ({ page, line }: Block) => `${page}:${line}`;

/** The anchor that GitHub makes from a heading. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}
