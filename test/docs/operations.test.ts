import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../support/stack.js';
import { runScript } from './run-script.js';
import { type Block, readRunbook } from './runbook.js';
import { type RunbookStack, startRunbookStack } from './runbook-stack.js';
import { deploying } from './scenarios/deploying.js';
import { looking } from './scenarios/looking.js';
import { moving } from './scenarios/moving.js';
import { resetting } from './scenarios/resetting.js';
import { about, type Prepared, parked, type Scenario, type Scenarios } from './scenarios/scenario.js';
import { settingUp } from './scenarios/setting-up.js';

/**
 * Runs every command of docs/operations.md as it is written there: each ```sh block names the scenario that it is run
 * on. A `look` block changes nothing and may come more than once; its lines only have to succeed.
 */
const { blocks } = await readRunbook();
const lookingAround = blocks.filter(({ scenario }) => scenario === 'look');
const doing = blocks.filter(({ scenario }) => scenario !== 'look');

let stack: RunbookStack;
let deployed: Stack;
let scenarios: Scenarios;

beforeAll(async () => {
  [stack, deployed] = await Promise.all([startRunbookStack(), startStack()]);
  scenarios = {
    ...settingUp(stack),
    ...looking(stack),
    ...moving(stack),
    ...resetting(stack),
    ...deploying(deployed),
  };
});
afterAll(() => Promise.all([stack.stop(), deployed.stop()]));

describe('each command of the runbook', () => {
  it.each(doing)('does what the runbook says: $scenario, line $line', { timeout: 120_000 }, async (block) => {
    const scenario = scenarios[block.scenario];
    if (!scenario) throw new Error(`line ${block.line}: the scenario "${block.scenario}" does not exist`);
    await (scenario.sameAs ? isSame(block, scenario.sameAs) : run(block, scenario));
  });

  it('has a scenario, and each scenario has a block', () => {
    const names = doing.map(({ scenario }) => scenario);
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

function isSame({ script }: Block, { scenario, words }: NonNullable<Scenario['sameAs']>): void {
  const original = doing.find((block) => block.scenario === scenario)?.script ?? '';
  const expected = Object.entries(words).reduce((text, [from, to]) => text.replaceAll(from, to), original);
  expect(expected).not.toBe(original);
  expect(script).toBe(expected);
}

describe('where the runbook says to look', () => {
  const lines = new Set(lookingAround.flatMap(({ script }) => script.trim().split('\n')));
  let looked: Record<string, string>;

  it('is a parked conversion', async () => {
    looked = about(await parked(stack, 'looked-at')).variables;
  });

  it.concurrent.each([...lines])('there is something to see: %s', { timeout: 60_000 }, async (line) => {
    const { exitCode, stdout, stderr } = await runScript(line, { ...stack.shellVariables, ...looked });
    expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 0 });
  });
});

function fillIn({ script, line }: Block, { placeholders = {} }: Prepared): string {
  return script.replaceAll(/<([^<>\n]+)>/g, (_all, placeholder: string) => {
    const value = placeholders[placeholder];
    if (value === undefined) throw new Error(`line ${line}: no value for <${placeholder}>`);
    return value;
  });
}
