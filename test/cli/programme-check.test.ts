import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempDir } from '../dev/support.js';
import { runInShell } from '../support/shell.js';

const PROGRAMME = {
  campaignId: 7,
  events: {
    visit: { type: 'lead', actionTrackerId: 1, description: 'A visitor\u202e signed up.' },
    order: {
      type: 'sale',
      actionTrackerId: 2,
      after: 'visit',
      afterMinutes: 10,
      referralWindowDays: null,
      maxAmountCents: { USD: 100_000, JPY: 15_000 },
      description: 'An order.',
    },
  },
};

async function check(programme: unknown, ...options: string[]) {
  const file = join(await tempDir(), 'programme.json');
  await writeFile(file, typeof programme === 'string' ? programme : JSON.stringify(programme, null, 2));
  return { file, ...(await runInShell(['programme', 'check', file, ...options])) };
}

describe('programme check', () => {
  it('shows each event with what the service makes of it, and the signup', async () => {
    const { exitCode, stdout, stderr } = await check(PROGRAMME);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout.split('\n')).toEqual([
      'campaign     7',
      'attribution  last click',
      'signup       visit, which the service records when it creates a user',
      '',
      'EVENT  TYPE  TRACKER  WINDOW  AFTER           WAITS  MAXIMUM                 DESCRIPTION',
      'visit  lead  1        30 d    -               -      -                       A visitor\\u202e signed up.',
      'order  sale  2        none    visit + 10 min  24 h   1000.00 USD, 15000 JPY  An order.',
    ]);
  });

  it('prints the same as JSON, with the defaults', async () => {
    const { stdout } = await check(PROGRAMME, '--json');
    expect(JSON.parse(stdout)).toEqual({
      campaignId: 7,
      attribution: 'last_click',
      signupEvent: 'visit',
      events: [
        { id: 'visit', ...PROGRAMME.events.visit, referralWindowDays: 30 },
        {
          id: 'order',
          type: 'sale',
          actionTrackerId: 2,
          referralWindowDays: null,
          after: { eventId: 'visit', minutes: 10, maxHours: 24 },
          maxAmountCents: { USD: 100_000, JPY: 15_000 },
          description: 'An order.',
        },
      ],
    });
  });

  it('prints file and line of everything that is wrong, and exits with 1', async () => {
    const { file, exitCode, stdout, stderr } = await check({ campaignId: 0, tracker: 1, events: {} });
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
    expect(stdout.split('\n')).toEqual([
      `${file}:2: campaignId must be at least 1`,
      `${file}:3: tracker is unknown`,
      `${file}:4: events must have an event of the type lead: the service records it when it creates a user`,
    ]);
  });

  it('prints them as JSON as well', async () => {
    const { exitCode, stdout } = await check('{\n', '--json');
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      faults: [{ line: 2, message: 'is no JSON: close brace expected' }],
    });
  });

  it('fails with the name of a file that is not there', async () => {
    const { exitCode, stdout, stderr } = await runInShell(['programme', 'check', '/no/such.json']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^\/no\/such\.json cannot be read: ENOENT/);
  });
});
