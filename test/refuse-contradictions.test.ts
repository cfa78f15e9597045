import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../src/mongo.js';
import { tempDir } from './dev/support.js';
import { outputOf } from './support/child-output.js';
import { freshMongoUri } from './support/mongo.js';
import { insertPending } from './support/pending-conversion.js';

const PROGRAMME = {
  campaignId: 48046,
  events: {
    signup: { type: 'lead', actionTrackerId: 68897 },
    renewal: { type: 'lead', actionTrackerId: 99999 },
  },
};

test.each(['src/server.ts', 'src/worker.ts'])(
  '%s does not start with a programme that leaves conversions unfinished, and says in plain lines what to do',
  async (entry) => {
    const mongoUri = freshMongoUri();
    const db = await openDatabase(mongoUri);
    onTestFinished(() => db.close());
    for (const orderId of ['A-1', 'A-2']) await insertPending(db, { _id: `sale_subscription:${orderId}` });
    await insertPending(db, { _id: 'renewal:A-3', campaignEventId: 'renewal', status: 'parked' });
    const file = join(await tempDir(), 'programme.json');
    await writeFile(file, JSON.stringify(PROGRAMME));

    const { exitCode, stdout, stderr } = await start(entry, { MONGODB_URI: mongoUri, PROGRAMME_FILE: file });

    expect(exitCode).toBe(1);
    expect(stderr.trim().split('\n')).toEqual([
      'The programme contradicts the ledger (docs/programme.md#what-refuses-to-start):',
      '  renewal: it is a lead now, and was none, and one conversion of it is unfinished, such as renewal:A-3. Put the event back as it was until they are finished, and retry or abandon those that are parked.',
      '  sale_subscription: it is not in the programme, and 2 conversions of it are unfinished, such as sale_subscription:A-1. Put the event back as it was until they are finished, and retry or abandon those that are parked.',
    ]);
    expect(stdout).not.toContain('"level":60');
  },
  60_000,
);

function start(entry: string, own: Record<string, string>) {
  const child = spawn(process.execPath, ['--import', 'tsx', entry], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env: {
      PATH: process.env.PATH,
      AUTH_ISSUER: 'http://127.0.0.1:1',
      AUTH_AUTHORIZED_PARTIES: '*',
      USER_ID_KEY: 'k'.repeat(32),
      PORT: '0',
      METRICS_PORT: '0',
      ...own,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return outputOf(child);
}
