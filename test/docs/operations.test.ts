import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../support/stack.js';
import { runScript } from './run-script.js';
import { type Block, readRunbook } from './runbook.js';
import { type RunbookStack, startRunbookStack } from './runbook-stack.js';
import { deploying } from './scenarios/deploying.js';
import { looking } from './scenarios/looking.js';
import { moving } from './scenarios/moving.js';
import { resetting } from './scenarios/resetting.js';
import { about, type Prepared, parked, type Scenarios } from './scenarios/scenario.js';
import { settingUp } from './scenarios/setting-up.js';

/**
 * Runs every command of docs/operations.md, as it stands there: each ```sh block names the scenario that it is run
 * on. `look` changes nothing, may come as often as it likes, and its lines have only to succeed.
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

describe('what the runbook says to do', () => {
  it.each(doing)('does what it says: $scenario, line $line', { timeout: 60_000 }, async (block) => {
    const scenario = scenarios[block.scenario];
    if (!scenario)
      throw new Error(`line ${block.line}: nothing is known of the scenario "${block.scenario}"`);
    const prepared = (await scenario.prepare?.()) ?? {};
    const script = `${filledIn(block, prepared)}${scenario.afterwards ?? ''}`;
    const { exitCode, stdout, stderr } = await runScript(script, {
      ...stack.shellVariables,
      ...prepared.variables,
    });
    expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 0 });
    await scenario.check?.(stdout, prepared);
  });

  it('is a block for each scenario, and a scenario for each block', () => {
    const names = doing.map(({ scenario }) => scenario);
    expect(new Set(names)).toEqual(new Set(Object.keys(scenarios)));
    expect(names).toHaveLength(new Set(names).size);
  });
});

describe('where the runbook says to look', () => {
  const lines = new Set(lookingAround.flatMap(({ script }) => script.trim().split('\n')));
  let looked: Record<string, string>;

  it('is something that is parked', async () => {
    looked = about(await parked(stack, 'looked-at')).variables;
  });

  it.concurrent.each([...lines])('there is something to see: %s', { timeout: 60_000 }, async (line) => {
    const { exitCode, stdout, stderr } = await runScript(line, { ...stack.shellVariables, ...looked });
    expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 0 });
  });
});

function filledIn({ script, line }: Block, { placeholders = {} }: Prepared): string {
  return script.replaceAll(/<([^<>\n]+)>/g, (_all, placeholder: string) => {
    const value = placeholders[placeholder];
    if (value === undefined) throw new Error(`line ${line}: nothing stands for <${placeholder}>`);
    return value;
  });
}
