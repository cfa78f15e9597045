import type { Client } from '@temporalio/client';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SEARCH_ATTRIBUTES } from '../../src/domain/workflow-names.js';
import { createTemporalClient } from '../../src/temporal/client.js';
import { findSearchAttributeFault, fixingCommand } from '../../src/temporal/search-attributes.js';
import { runScript } from '../docs/run-script.js';
import { createNamespace } from '../support/temporal.js';

const NAMES = Object.values(SEARCH_ATTRIBUTES).map(({ name }) => name);
const [KEYWORD, INT] = [2, 3];
const PATIENCE = { timeout: 20_000, interval: 100 };

async function clientOf(searchAttributes?: Record<string, number>) {
  const { address, namespace } = await createNamespace(searchAttributes);
  const temporal = createTemporalClient({ connectionOptions: { address }, namespace });
  onTestFinished(() => temporal.connection.close());
  const run = (command: string) => runScript(command, { TEMPORAL_ADDRESS: address });
  return { temporal, namespace, run };
}

/** Temporal learns of a new namespace, and of its attributes, a moment later. */
const untilFault = (temporal: Client, expected: unknown) =>
  expect.poll(() => findSearchAttributeFault(temporal), PATIENCE).toEqual(expected);

describe('a namespace', () => {
  it('with every search attribute has no fault', async () => {
    const { temporal } = await clientOf();
    expect(await findSearchAttributeFault(temporal)).toBeNull();
  });

  it('without search attributes is named, with each of them and the command that creates them', async () => {
    const { temporal, namespace, run } = await clientOf({});
    const command = `temporal operator search-attribute create --namespace ${namespace} ${NAMES.map((name) => `--name ${name} --type Keyword`).join(' ')}`;
    await untilFault(temporal, {
      missing: NAMES,
      wrongType: [],
      command,
      message: `Temporal's namespace "${namespace}" lacks the search attributes ${NAMES.join(', ')}, so no workflow can start. Run: ${command}`,
    });
    expect(await run(command)).toMatchObject({ exitCode: 0 });
    await untilFault(temporal, null);
  });

  it('with a search attribute of another type is named, with the command that replaces it', async () => {
    const { temporal, run } = await clientOf({
      ...Object.fromEntries(NAMES.map((name) => [name, KEYWORD])),
      ParkReason: INT,
    });
    const fault = await findSearchAttributeFault(temporal);
    expect(fault).toMatchObject({
      missing: [],
      wrongType: ['ParkReason (Int)'],
      message: expect.stringContaining(
        'has search attributes that are no Keyword: ParkReason (Int), so no workflow can start',
      ),
    });
    expect(await run(fault?.command ?? '')).toMatchObject({ exitCode: 0 });
    await untilFault(temporal, null);
  });

  it('of Temporal Cloud gets the command of its own tool', () => {
    const where = { namespace: 'shop.a1b2c', address: 'shop.a1b2c.tmprl.cloud:7233' };
    expect(fixingCommand(where, { missing: ['ParkReason', 'CampaignEvent'], wrong: [] })).toBe(
      'tcld namespace search-attributes add --namespace shop.a1b2c --search-attribute "ParkReason=Keyword" --search-attribute "CampaignEvent=Keyword"',
    );
  });
});
