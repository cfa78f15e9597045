import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { Script } from 'node:vm';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { publishBody } from '../../src/api/publish-body.js';
import { checkProgramme, loadProgramme } from '../../src/programme-file.js';
import { readComposeFile } from '../deployment/compose-file.js';
import { NOT_RUN, reasonNotToRun } from './not-run.js';
import { type Block, PROJECT_ROOT, placeOf, readAllBlocks } from './pages.js';
import { RUNBOOK } from './runbook.js';
import { typeCheck } from './type-check.js';
import { unknownVariables } from './variables.js';

/** Every fenced block of every page. operations.test.ts runs the commands. */
const blocks = await readAllBlocks();
const of = (...languages: string[]) => blocks.filter(({ language }) => languages.includes(language));

describe('every code block', () => {
  it('has a language that a test knows', () => {
    const known = of('sh', 'js', 'ts', 'tsx', 'json', 'yaml', 'dotenv', 'mermaid', 'text', 'console');
    const others = blocks.filter((block) => !known.includes(block));
    const advice =
      'name a language; `text` and `console` are for output, `dotenv` for variables of the service, `js` for mongosh';
    expect(others.map(placeOf), advice).toEqual([]);
  });
});

describe('TypeScript', () => {
  const typed = of('ts', 'tsx');
  let errors: Map<string, string[]>;

  beforeAll(async () => {
    errors = await typeCheck(typed);
  });

  it.each([...new Set(typed.map(({ page }) => page))])('compiles as it stands in %s', (page) => {
    const advice = 'import it, declare it in an earlier block of the page, or in test/docs/preludes/';
    expect(errors.get(page) ?? [], advice).toEqual([]);
  });

  it('has preludes that compile, each for a page', () => {
    const pages = typed.map(({ page }) => page);
    expect([...errors.keys()].filter((page) => !pages.includes(page))).toEqual([]);
  });
});

describe('JSON', () => {
  const programme = loadProgramme(`${PROJECT_ROOT}/examples/programme.json`);

  it.each(of('json'))('is what it looks like: $page, line $line', ({ text }) => {
    const value = JSON.parse(text);
    if (value.events) expect(checkProgramme(text).faults).toEqual([]);
    if (value.campaignEventId) expect(publishBody(programme).safeParse(value).error).toBeUndefined();
  });
});

it.each(of('yaml'))('is YAML: $page, line $line', ({ text }) => {
  expect(() => parse(text)).not.toThrow();
});

it.each(of('dotenv'))('names variables of the service: $page, line $line', ({ text }) => {
  expect(unknownVariables(text)).toEqual([]);
});

it.each(of('mermaid'))('is a diagram: $page, line $line', ({ text }) => {
  expect(text).toMatch(/^(flowchart|sequenceDiagram|stateDiagram)/);
});

describe('a command', () => {
  const shell = of('sh', 'js');
  const notRun = shell.filter((block) => block.page !== RUNBOOK && reasonNotToRun(block) !== undefined);

  it('for mongosh has a row in not-run.ts, which says what shows it', () => {
    const unexplained = of('js').filter((block) => reasonNotToRun(block) === undefined);
    expect(unexplained.map(placeOf)).toEqual([]);
  });

  it('is the only one that its row of not-run.ts means', () => {
    const rows = NOT_RUN.map(({ page, begins }) => ({
      page,
      begins,
      blocks: shell.filter((block) => block.page === page && block.text.startsWith(begins)).length,
    }));
    expect(rows.filter((row) => row.blocks !== 1)).toEqual([]);
  });

  it.each(NOT_RUN)('that is not run names a test that is there: $page, $begins', ({ because }) => {
    const named = [...because.matchAll(/\b(?:test|bench|\.ci)\/[\w./-]+\w/g)].map(([path]) => path);
    expect(named.filter((path) => !existsSync(`${PROJECT_ROOT}/${path}`))).toEqual([]);
  });

  it.each(notRun)(
    'that is not run is a script all the same: $page, line $line',
    async ({ language, text }) => {
      if (language === 'js') expect(() => new Script(text)).not.toThrow();
      else
        await expect(promisify(execFile)('bash', ['-n', '-c', text])).resolves.toMatchObject({ stderr: '' });
    },
  );

  it('of docker compose names services of docker-compose.yml', async () => {
    const { services } = await readComposeFile();
    const unknown = shell.flatMap((block) => composeServices(block).filter((name) => !services[name]));
    expect(unknown).toEqual([]);
  });
});

/** Those that commands of docker compose name: `exec` and `run` are for one, and others are for all that follow. */
function composeServices({ text }: Block): string[] {
  const commands = text.matchAll(
    /docker compose (exec|run|up|stop|rm|logs)((?: --?[\w-]+)*)((?: [a-z][a-z-]*)*)/g,
  );
  return [...commands].flatMap(([, verb = '', , words = '']) => {
    const names = words.split(' ').filter(Boolean);
    return ['exec', 'run'].includes(verb) ? names.slice(0, 1) : names;
  });
}
