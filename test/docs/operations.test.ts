import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../support/stack.js';
import { runBlocks } from './not-run.js';
import { type Block, placeOf, readAllBlocks } from './pages.js';
import { runScript } from './run-script.js';
import { readRunbook } from './runbook.js';
import { type RunbookStack, startRunbookStack } from './runbook-stack.js';
import { deploying } from './scenarios/deploying.js';
import { looking } from './scenarios/looking.js';
import { moving } from './scenarios/moving.js';
import { reading } from './scenarios/reading.js';
import { resetting } from './scenarios/resetting.js';
import { about, type Prepared, parked, type Scenario, type Scenarios } from './scenarios/scenario.js';
import { settingUp } from './scenarios/setting-up.js';
import { openShell } from './shell-session.js';

/**
 * Runs every command of docs/operations.md as it is written there: each ```sh block names the scenario that it is run
 * on. A `look` block changes nothing and may come more than once; its lines only have to succeed. Then it runs those of
 * all other pages, on the same service.
 */
const { blocks } = await readRunbook();
const lookingAround = blocks.filter(({ name }) => name === 'look');
const doing = blocks.filter(({ name }) => name !== 'look');
const ofOtherPages = runBlocks(await readAllBlocks());

let stack: RunbookStack;
let deployed: Stack;
let scenarios: Scenarios;
let ofReaders: Scenarios;

beforeAll(async () => {
  [stack, deployed] = await Promise.all([startRunbookStack(), startStack()]);
  scenarios = {
    ...settingUp(stack),
    ...looking(stack),
    ...moving(stack),
    ...resetting(stack),
    ...deploying(deployed),
  };
  ofReaders = reading(stack);
});
afterAll(() => Promise.all([stack.stop(), deployed.stop()]));

describe('each command of the runbook', () => {
  it.each(doing)('does what the runbook says: $name, line $line', { timeout: 120_000 }, async (block) => {
    const scenario = scenarios[block.name];
    if (!scenario) throw new Error(`line ${block.line}: the scenario "${block.name}" does not exist`);
    await (scenario.sameAs ? isSame(block, scenario.sameAs) : run(block, scenario));
  });

  it('has a scenario, and each scenario has a block', () => {
    const names = doing.map(({ name }) => name);
    expect(new Set(names)).toEqual(new Set(Object.keys(scenarios)));
    expect(names).toHaveLength(new Set(names).size);
  });
});

async function run(block: Block, scenario: Scenario): Promise<void> {
  const prepared = (await scenario.prepare?.()) ?? {};
  const script = `${fillIn(block, prepared)}${scenario.afterwards ?? ''}`;
  const { exitCode, stdout, stderr } = await runScript(script, {
    ...stack.shellVariables,
    ...prepared.variables,
  });
  expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 0 });
  await scenario.check?.(stdout, prepared);
}

function isSame({ text: script }: Block, { scenario, words }: NonNullable<Scenario['sameAs']>): void {
  const original = doing.find(({ name }) => name === scenario)?.text ?? '';
  const expected = Object.entries(words).reduce((text, [from, to]) => text.replaceAll(from, to), original);
  expect(expected).not.toBe(original);
  expect(script).toBe(expected);
}

describe('where the runbook says to look', () => {
  const lines = new Set(lookingAround.flatMap(({ text }) => text.trim().split('\n')));
  let looked: Record<string, string>;

  it('is a parked conversion', async () => {
    looked = about(await parked(stack, 'looked-at')).variables;
  });

  it.concurrent.each([...lines])('there is something to see: %s', { timeout: 60_000 }, async (line) => {
    const { exitCode, stdout, stderr } = await runScript(line, { ...stack.shellVariables, ...looked });
    expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 0 });
  });
});

describe('each command of the other pages', () => {
  const shells = new Map<string, ReturnType<typeof openShell>>();

  it.each(ofOtherPages)('works: $page, line $line', { timeout: 60_000 }, async (block) => {
    const run = shells.get(block.page) ?? openShell(stack);
    shells.set(block.page, run);
    const scenario = ofReaders[block.name];
    const prepared = (await scenario?.prepare?.()) ?? {};
    const { exitCode, stdout, stderr } = await run(block.text);
    const advice = `${placeOf(block)}: repair it, or name it in test/docs/not-run.ts with the test that shows it`;
    expect({ exitCode, stdout, stderr }, advice).toMatchObject({ exitCode: 0 });
    await scenario?.check?.(stdout, prepared);
  });

  it('has a scenario if it has a name, and each scenario has a block', () => {
    const names = ofOtherPages.flatMap(({ name }) => name || []);
    expect(new Set(names)).toEqual(new Set(Object.keys(ofReaders)));
  });
});

function fillIn({ text: script, line }: Block, { placeholders = {} }: Prepared): string {
  return script.replaceAll(/<([^<>\n]+)>/g, (_all, placeholder: string) => {
    const value = placeholders[placeholder];
    if (value === undefined) throw new Error(`line ${line}: no value for <${placeholder}>`);
    return value;
  });
}
