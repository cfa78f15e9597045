import { readProjectFile } from '../deployment/project-files.js';
import { type Block, readPage } from './pages.js';

export interface Runbook {
  headings: string[];
  /** The ```sh blocks; the name of each is the scenario that it is run on. */
  blocks: Block[];
  /** The languages of all fenced blocks. */
  languages: string[];
  /** The parts of the text between backticks. */
  inlineCode: string[];
  text: string;
}

export const RUNBOOK = 'docs/operations.md';

export async function readRunbook(): Promise<Runbook> {
  const { headings, blocks, prose } = await readPage(RUNBOOK);
  return {
    headings,
    blocks: blocks.filter(({ language }) => language === 'sh'),
    languages: blocks.map(({ language }) => language),
    inlineCode: prose.flatMap((line) => [...line.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code)),
    text: await readProjectFile(RUNBOOK),
  };
}
