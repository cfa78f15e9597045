import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { readProjectFile } from '../deployment/project-files.js';
import { programmeWith } from '../support/programme.js';
import { startStack } from '../support/stack.js';

it('the command of the README generates the types of a programme of one’s own', async () => {
  const programme = programmeWith({ renewal: { type: 'sale', actionTrackerId: 71_659 } });
  const stack = await startStack({ programme, worker: false });
  const folder = await mkdtemp(join(tmpdir(), 'own-types-'));
  const [, command = ''] =
    /^npx (openapi-typescript .+)$/m.exec(await readProjectFile('client/README.md')) ?? [];
  const [name = '', ...args] = command.replace('https://affiliate.example.com', stack.apiUrl).split(' ');
  const executable = new URL(`../../client/node_modules/.bin/${name}`, import.meta.url).pathname;
  await promisify(execFile)(executable, args, { cwd: folder });
  const types = await readFile(join(folder, 'affiliate.ts'), 'utf8');
  await Promise.all([stack.stop(), rm(folder, { recursive: true })]);
  expect(types).toContain('campaignEventId: "renewal"');
});
