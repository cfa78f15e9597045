import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { withReasons } from '../../dev/write-reasons.js';
import { IMPACT_REASONS } from '../../src/domain/impact-reasons.js';
import { PARK_REASONS } from '../../src/domain/park-reasons.js';
import { readProjectFile } from '../deployment/project-files.js';
import type { AlertsFile } from '../monitoring/files.js';
import { anchorOf } from './pages.js';
import { readRunbook } from './runbook.js';

const runbook = await readRunbook();

/** The headings below another, until the next one of its level. */
function headingsUnder(heading: string): string[] {
  const [, section = ''] = runbook.text.split(`\n## ${heading}\n`);
  const [own = ''] = section.split('\n## ');
  return [...own.matchAll(/^### (.+)$/gm)].map(([, name = '']) => name);
}

const has = (text: string) => runbook.headings.map(anchorOf).includes(text);

describe('the runbook', () => {
  it('has a section for each alert, where the alert points, and for no other', async () => {
    const { groups } = parse(await readProjectFile('monitoring/prometheus/alerts.yml')) as AlertsFile;
    const rules = groups.flatMap((group) => group.rules);
    expect(new Set(headingsUnder('Alerts'))).toEqual(new Set(rules.map(({ alert }) => alert)));
    for (const { annotations } of rules)
      expect(annotations.runbook).toSatisfy((link: string) => has(link.replace('docs/operations.md#', '')));
  });

  it("has a section for each park reason, where a workflow's page points, and for no other", () => {
    expect(headingsUnder('Park reasons')).toEqual([...Object.keys(PARK_REASONS), "Impact's own codes"]);
    // A conversion that Impact already has counts as confirmed.
    const impact = Object.keys(IMPACT_REASONS).filter((code) => code !== 'conv_duplicate');
    for (const reason of [...Object.keys(PARK_REASONS), ...impact])
      expect(has(reason) || runbook.text.includes(`<a id="${reason}"></a>`), reason).toBe(true);
  });

  it.each([
    'docs/operations.md',
    'docs/architecture.md',
    'docs/what-happened.md',
    'docs/audit.md',
    'docs/for-backend-engineers.md',
  ] as const)('%s has the reasons of the code: `npm run docs:reasons` writes them', async (path) => {
    const page = await readProjectFile(path);
    expect(page, 'run npm run docs:reasons').toBe(withReasons(path, page));
  });

  it('has its commands where they are run', () => {
    expect(new Set(runbook.languages)).toEqual(new Set(['sh', 'ts']));
    // The commands that start a stack have tests of their own.
    const commands = runbook.inlineCode.filter(
      (code) => /^(temporal|npm|npx|curl|node|docker) \S/.test(code) && code !== 'npm start',
    );
    const run = runbook.blocks.map(({ text }) => text).join('\n');
    for (const command of commands) expect(run).toContain(command);
  });
});
