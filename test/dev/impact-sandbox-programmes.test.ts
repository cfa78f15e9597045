import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { readProgrammeFile } from '../../dev/impact-sandbox/index.js';
import { outputOf } from '../support/child-output.js';
import { createTestCaller, type Fields, sale, startTestSandbox } from './impact-sandbox-support.js';

type Caller = ReturnType<typeof createTestCaller>;

const OTHER = { CampaignId: '777', ActionTrackerId: '11' };
const submit = (sandbox: Caller, fields: Fields = {}) =>
  sandbox.submission('POST', 'Conversions', sale(fields));

let file: string;
beforeEach(async () => {
  const directory = await mkdtemp(join(tmpdir(), 'impact-sandbox-'));
  file = join(directory, 'programme.json');
  return () => rm(directory, { recursive: true });
});

async function writeProgramme(): Promise<void> {
  const trial = { type: 'lead', actionTrackerId: 11, referralWindowDays: 30 };
  const purchase = { type: 'sale', actionTrackerId: 12, after: 'trial' };
  await writeFile(file, JSON.stringify({ campaignId: 777, events: { trial, purchase } }));
}

describe('the programmes', () => {
  it.each(['68897', '99999'])('have event type %s of campaign 48046 by default', async (ActionTrackerId) => {
    const sandbox = await startTestSandbox();
    onTestFinished(() => sandbox.stop());
    expect(await submit(sandbox, { ActionTrackerId })).toMatchObject({ ErrorReason: '' });
  });

  it('may be others, from the start or later', async () => {
    const sandbox = await startTestSandbox({ programmes: { 777: [11] } });
    onTestFinished(() => sandbox.stop());
    expect(await submit(sandbox, OTHER)).toMatchObject({ ErrorReason: '' });
    expect(await submit(sandbox)).toMatchObject({ ErrorReason: 'CAMPAIGN_NOT_FOUND' });
    await sandbox.settings({ programmes: { 777: [12] } });
    expect(await submit(sandbox, OTHER)).toMatchObject({ ErrorReason: 'ACTIONTRACKER_NOT_FOUND' });
  });

  it('are read from the programme file of the service', async () => {
    await writeProgramme();
    expect(readProgrammeFile(file)).toEqual({ 777: [11, 12] });
  });
});

describe('the process', () => {
  function start() {
    const credentials = { IMPACT_ACCOUNT_SID: 'IRsandboxSid', IMPACT_AUTH_TOKEN: 'sandbox-token' };
    const env = { PATH: process.env.PATH, ...credentials, PROGRAMME_FILE: file };
    return spawn(process.execPath, ['--import', 'tsx', 'dev/impact-sandbox/main.ts'], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  it('takes the programme of PROGRAMME_FILE', async () => {
    await writeProgramme();
    const child = start();
    const exited = once(child, 'exit');
    onTestFinished(async () => {
      child.kill();
      await exited;
    });
    const [line] = await once(child.stdout, 'data');
    const url = /http:\S+/.exec(String(line))?.[0];
    expect(await submit(createTestCaller(String(url)), OTHER)).toMatchObject({ ErrorReason: '' });
  });

  it('says what is wrong with the file', async () => {
    await writeFile(file, '{"campaignId":777,"events":{"trial":{}}}');
    expect(await outputOf(start())).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/PROGRAMME_FILE: .*[\s\S]*events\.trial\.actionTrackerId/),
    });
  });
});
