import { readProjectFile } from '../deployment/project-files.js';

/** A ```sh block: its commands, and the scenario that its info string names. */
export interface Block {
  scenario: string;
  /** The heading above it. */
  section: string;
  /** From 1, in the file. */
  line: number;
  script: string;
}

export interface Runbook {
  headings: string[];
  blocks: Block[];
  /** The languages of all fenced blocks. */
  languages: string[];
  /** The parts of the text between backticks. */
  inlineCode: string[];
  /** Links to sections of the page itself. */
  anchors: string[];
  text: string;
}

export async function readRunbook(): Promise<Runbook> {
  const text = await readProjectFile('docs/operations.md');
  const runbook: Runbook = { headings: [], blocks: [], languages: [], inlineCode: [], anchors: [], text };
  let block: Block | undefined;
  let inFence = false;
  for (const [index, line] of text.split('\n').entries()) {
    const [, fence] = /^```(.*)$/.exec(line) ?? [];
    if (fence !== undefined) {
      inFence = !inFence;
      block = undefined;
      if (!inFence) continue;
      const [language = '', scenario = ''] = fence.split(' ');
      runbook.languages.push(language);
      if (language !== 'sh') continue;
      block = { scenario, section: runbook.headings.at(-1) ?? '', line: index + 1, script: '' };
      runbook.blocks.push(block);
    } else if (block) block.script += `${line}\n`;
    else if (!inFence) readText(runbook, line);
  }
  return runbook;
}

function readText(runbook: Runbook, line: string): void {
  const [, heading] = /^#+ (.+)$/.exec(line) ?? [];
  if (heading !== undefined) runbook.headings.push(heading);
  for (const [, code = ''] of line.matchAll(/`([^`]+)`/g)) runbook.inlineCode.push(code);
  for (const [, anchor = ''] of line.matchAll(/\]\(#([^)]+)\)/g)) runbook.anchors.push(anchor);
}

/** The anchor that GitHub makes from a heading. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}
