import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

const DOCS = fileURLToPath(new URL('../../../docs/', import.meta.url));
const WALKTHROUGH = join(DOCS, 'walkthrough.md');

/** A block with output of the run. The comment above it names the block. */
const BLOCK = /(?<=<!-- run: ([\w-]+) -->\n```(?:console|text)\n)[\s\S]*?(?=\n```)/g;

export type WalkthroughDocument = ReturnType<typeof openDocument>;

/** With `WALKTHROUGH=write`, `save` writes the run's output into the document. Otherwise the document stays unchanged. */
export function openDocument() {
  const isWritten = process.env.WALKTHROUGH === 'write';
  const shown = new Map<string, string>();
  return {
    isWritten,
    show(name: string, text: string): void {
      shown.set(name, text);
    },
    /** Saves a picture of the top of the page, down to the height given. */
    async picture(name: string, page: Page, height = 800): Promise<void> {
      if (!isWritten) return;
      const clip = { x: 0, y: 0, width: 1280, height };
      const path = join(DOCS, `images/walkthrough-${name}.png`);
      await page.screenshot({ path, clip, animations: 'disabled' });
    },
    /** @returns the names of the blocks in the document, and of the blocks that the run produced */
    async save(): Promise<{ inDocument: string[]; inRun: string[] }> {
      const text = await readFile(WALKTHROUGH, 'utf8');
      const inDocument = [...text.matchAll(BLOCK)].map(([, name = '']) => name);
      const written = text.replace(BLOCK, (before, name: string) => shown.get(name) ?? before);
      if (isWritten) await writeFile(WALKTHROUGH, written);
      return { inDocument, inRun: [...shown.keys()] };
    },
  };
}
