import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findSystem } from '../../src/cli/system.js';

const REAL = {
  MONGODB_URI: 'mongodb://db.example.com/affiliate',
  TEMPORAL_ADDRESS: 'temporal.example.com:7233',
  USER_ID_KEY: 'the key of the API, with 32 characters',
};

let dataDir: string;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'affiliate-cli-'));
  const stack = {
    pid: process.pid,
    mongoUri: 'mongodb://127.0.0.1:1/local',
    temporalAddress: '127.0.0.1:2',
    apiUrl: 'http://127.0.0.1:3',
    workerMetricsUrl: 'http://127.0.0.1:4/metrics',
    programmeFile: 'examples/programme.json',
    userIdKey: 'the key of the stack, with 32 characters',
  };
  await writeFile(join(dataDir, 'stack.json'), JSON.stringify(stack));
});
afterAll(() => rm(dataDir, { recursive: true }));

describe('the system that a command is for', () => {
  const find = async (...args: Parameters<typeof findSystem>) => {
    const { temporal, programme, userIdKey, ...system } = await findSystem(...args);
    const { campaignId } = await programme();
    return { ...system, temporal: await temporal(), campaignId, userIdKey: await userIdKey() };
  };

  it('is the one that the environment names', async () => {
    expect(await find(undefined, REAL)).toEqual({
      mongoUri: 'mongodb://db.example.com/affiliate',
      temporal: { connectionOptions: { address: 'temporal.example.com:7233' } },
      source: 'MONGODB_URI and TEMPORAL_ADDRESS',
      campaignId: 48046,
      userIdKey: REAL.USER_ID_KEY,
    });
  });

  it('is the stack of the given directory, whatever the environment names', async () => {
    expect(await find(dataDir, REAL)).toEqual({
      mongoUri: 'mongodb://127.0.0.1:1/local',
      temporal: { connectionOptions: { address: '127.0.0.1:2' } },
      source: join(dataDir, 'stack.json'),
      campaignId: 50754,
      userIdKey: 'the key of the stack, with 32 characters',
      apiUrl: 'http://127.0.0.1:3',
      workerUrl: 'http://127.0.0.1:4',
    });
  });

  it('has the key of the environment, where the stack has one that it does not write down', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'affiliate-cli-'));
    const stack = {
      pid: process.pid,
      mongoUri: 'mongodb://127.0.0.1:1/local',
      temporalAddress: '127.0.0.1:2',
    };
    await writeFile(join(directory, 'stack.json'), JSON.stringify(stack));
    expect(await find(directory, REAL)).toMatchObject({ userIdKey: REAL.USER_ID_KEY });
    await rm(directory, { recursive: true });
  });

  it.each(['{"mongoUri":', '{}', 'null'])('is refused where the file of the stack holds %s', async (text) => {
    const directory = await mkdtemp(join(tmpdir(), 'affiliate-cli-'));
    await writeFile(join(directory, 'stack.json'), text);
    await expect(findSystem(directory, {})).rejects.toThrow('stack.json is not readable');
    await rm(directory, { recursive: true });
  });

  it('is not found where the stack of the directory was killed', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'affiliate-cli-'));
    // No process has such an id: Linux ends at 4194304.
    const stack = { pid: 4_194_305, mongoUri: 'mongodb://127.0.0.1:1/local', temporalAddress: '127.0.0.1:2' };
    await writeFile(join(directory, 'stack.json'), JSON.stringify(stack));
    await expect(findSystem(directory, {})).rejects.toThrow(/No stack runs here: .*stack\.json has ended/);
    await rm(directory, { recursive: true });
  });

  it('is not found where the directory has no stack', async () => {
    await expect(findSystem('/no/such', {})).rejects.toThrow('there is no /no/such/stack.json');
  });

  it('is refused with the name of the variable that is wrong', async () => {
    await expect(findSystem(undefined, { MONGODB_URI: 'db.example.com' })).rejects.toThrow(
      'MONGODB_URI: must begin',
    );
  });
});
