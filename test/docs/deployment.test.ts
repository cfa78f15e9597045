import { describe, expect, it } from 'vitest';
import { SEARCH_ATTRIBUTES } from '../../src/domain/workflow-names.js';
import { fixingCommand } from '../../src/temporal/search-attributes.js';
import { readProjectFile } from '../deployment/project-files.js';
import { readPage } from './pages.js';

const names = Object.values(SEARCH_ATTRIBUTES).map(({ name }) => name);

describe('docs/temporal-cloud.md', async () => {
  const { blocks } = await readPage('docs/temporal-cloud.md');
  const [created = '', added = ''] = blocks
    .filter(({ language }) => language === 'sh')
    .map(({ text }) => text);

  it('adds the search attributes by the command that the worker names', () => {
    const where = { namespace: 'affiliate.a1b2c', address: 'affiliate.a1b2c.tmprl.cloud:7233' };
    expect(added).toBe(`${fixingCommand(where, { missing: names, wrong: [] })}\n`);
  });

  it('creates a namespace with all of them', () => {
    const given = [...created.matchAll(/--search-attribute (\w+)=Keyword/g)].map(([, name]) => name);
    expect(given).toEqual(names);
  });
});

describe('the sizing in docs/deployment.md', async () => {
  const page = await readProjectFile('docs/deployment.md');
  const confirmed = JSON.parse(await readProjectFile('docs/cost.json'))['signup, confirmed'];

  it.each([
    ['| 5 | [cost.json]', () => confirmed.actions === 5],
    ['| 4.7 kB, kept', () => confirmed.historyBytes === 4_700],
    [
      '4,000 conversions in confirmation | 395 MB',
      () => has('docs/performance.md', /4,000 in confirmation .*\| 395 MB/),
    ],
    [
      '10,668 conversions waiting | 293 MB',
      () => has('docs/reliability.md', /Memory: API 293 MB.*\| 10,668 /),
    ],
    [
      '0.8 GB for a million',
      () => has('docs/performance.md', /growth of the ledger a month, .*\| 0.8 GB \|/),
    ],
  ])('has a figure that is measured: %s', async (words, isMeasured) => {
    expect(page).toContain(words);
    await expect(Promise.resolve(isMeasured())).resolves.toBe(true);
  });
});

async function has(path: string, figure: RegExp): Promise<boolean> {
  return figure.test(await readProjectFile(path));
}
