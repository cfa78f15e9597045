import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { PARK_ADVICE } from '../../src/domain/park-reasons.js';
import { SUBMISSION_REASONS } from '../../src/impact/submission-reasons.js';
import { readProjectFile } from '../deployment/project-files.js';
import type { AlertsFile } from '../monitoring/files.js';
import { anchorOf, readRunbook } from './runbook.js';

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
    expect(headingsUnder('Park reasons')).toEqual([...Object.keys(PARK_ADVICE), "Impact's own codes"]);
    for (const reason of Object.keys(PARK_ADVICE)) expect(has(reason)).toBe(true);
  });

  it("has a row for each of Impact's codes", () => {
    const rows = Object.entries(SUBMISSION_REASONS).map(
      ([code, { meaning, retry }]) =>
        `| \`${code.toLowerCase()}\` | ${meaning} | ${retry === 'no' ? 'no' : 'after a change'} |`,
    );
    const [, table = ''] = runbook.text.split(
      '| code | what it means | can a retry help? |\n|---|---|---|\n',
    );
    const [own = ''] = table.split('\n\n');
    expect(own.split('\n')).toEqual(rows);
  });

  it('links to sections and to pages that there are', async () => {
    for (const anchor of runbook.anchors) expect(has(anchor), anchor).toBe(true);
    const pages = [
      'README.md',
      'docs/architecture.md',
      'docs/monitoring.md',
      'docs/temporal-ui.md',
      'docs/audit.md',
      'docs/walkthrough.md',
    ];
    for (const page of pages) {
      const text = await readProjectFile(page);
      for (const [, anchor = ''] of text.matchAll(/operations\.md#([\w-]+)/g))
        expect(has(anchor), anchor).toBe(true);
    }
    for (const [, page = ''] of runbook.text.matchAll(/\]\(([\w-]+\.md)\)/g))
      await expect(readProjectFile(`docs/${page}`)).resolves.not.toBe('');
  });

  it('has its commands where they are run', () => {
    expect(new Set(runbook.languages)).toEqual(new Set(['sh', 'ts']));
    // What starts a stack has tests of its own.
    const commands = runbook.inlineCode.filter(
      (code) => /^(temporal|npm|npx|curl|node|docker) \S/.test(code) && code !== 'npm start',
    );
    const run = runbook.blocks.map(({ script }) => script).join('\n');
    for (const command of commands) expect(run).toContain(command);
  });
});
