import { beforeAll, expect, it } from 'vitest';
import type { Block } from './pages.js';
import { typeCheck } from './type-check.js';

let line = 0;

function block(page: string, text: string, language = 'ts'): Block {
  line += 10;
  return { page, language, name: '', line, text: `${text}\n` };
}

const BLOCKS = [
  block(
    'wrong.md',
    "import { affiliateProxy } from 'affiliate-capture/next';\n\naffiliateProxy({ param: 1 });",
  ),
  block('wrong.md', 'const unknown = undeclared;'),
  block(
    'right.md',
    "import { readClickId as read } from 'affiliate-capture';\n\nconst url = 'https://example.com/';",
  ),
  block('right.md', 'interface Click {\n  id: string | undefined;\n}'),
  block('right.md', 'const click: Click = { id: read(url) };'),
  block('right.md', 'const click = <b>{url}</b>;', 'tsx'),
];

let errors: Map<string, string[]>;

beforeAll(async () => {
  errors = await typeCheck(BLOCKS);
});

it('finds errors, and names their lines in the page', () => {
  expect(errors.get('wrong.md')).toEqual([
    expect.stringMatching(/^wrong\.md:13 error TS2322/),
    expect.stringMatching(/^wrong\.md:21 error TS2304/),
  ]);
});

it('gives a block the imports and the names of earlier blocks of its page, and lets it declare them again', () => {
  expect(errors.get('right.md')).toBeUndefined();
});
