import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { decodeJwt } from 'jose';
import { expect, test } from 'vitest';
import { parseCommandLine } from '../../dev/command-line.js';
import { createToken, TOKEN_OPTIONS, TOKEN_USAGE } from '../../dev/create-token.js';
import { recordProcess } from '../../dev/process-file.js';
import { SCOPES } from '../../src/domain/scopes.js';
import { tempDir } from './support.js';

/** Runs the command in this process. */
async function token(args: string[], env: NodeJS.ProcessEnv = {}) {
  return createToken(
    parseCommandLine(TOKEN_USAGE, TOKEN_OPTIONS, { args, env, allowPositionals: true }),
    env,
  );
}

test('a token is of a user, or of a machine with every scope that the API knows', async () => {
  const dataDir = await tempDir();
  await writeFile(join(dataDir, 'stack.json'), '{"issuerUrl":"http://127.0.0.1:4011"}');
  recordProcess(join(dataDir, 'processes.jsonl'), 'stack', process.pid);
  const claims = async (...args: string[]) => decodeJwt(await token([...args, '--data-dir', dataDir]));

  expect(await claims()).toMatchObject({ iss: 'http://127.0.0.1:4011', sub: 'user_local' });
  expect(await claims('user', 'alice')).toMatchObject({ sub: 'alice', sid: 'sess_alice' });
  expect(await claims('machine')).toMatchObject({ sub: 'mch_local', scope: SCOPES.join(' ') });
  expect(await claims('machine', 'shop', '--scope', 'conversions:read')).toMatchObject({
    sub: 'mch_shop',
    scope: 'conversions:read',
  });
});

test('in the container of the token issuer, a token is of that issuer', async () => {
  const env = {
    ISSUER_URL: 'http://issuer.localhost:4020',
    ISSUER_KEY_FILE: join(await tempDir(), 'issuer-key.json'),
  };
  expect(decodeJwt(await token(['user', 'alice'], env))).toMatchObject({ iss: env.ISSUER_URL, sub: 'alice' });
});

test.each([
  [['mashine'], 'A token is for a user or a machine. For a user of this name: token -- user mashine'],
  [['machine', '--scope', 'conversions:reed'], 'There is no scope "conversions:reed"'],
  [['machine', '--scope', ' '], 'There is no scope " "'],
  [['--scope', 'conversions:read'], 'A user has no scopes'],
  [['--datadir', 'x'], "Unknown option '--datadir'."],
  [['user', 'alice', 'bob'], 'One name at a time'],
])('%j is answered with what is wrong, and the usage', async (args, words) => {
  const error = await token(args).catch(String);
  expect(error).toContain(words);
  expect(error).toContain('\n\nUsage: npm run -s token -- [user [NAME] | machine [NAME]]');
});

test('an option that npm took, because -- was missing, is noticed', async () => {
  const error = await token(['b'], { npm_config_data_dir: 'true' }).catch(String);
  expect(error).toContain('npm took --data-dir for itself. Write -- before it.');
});

test('where no stack runs, the command says how to start one', async () => {
  const error = await token(['--data-dir', await tempDir()]).catch(String);
  expect(error).toMatch(/No stack runs on .*Start one with npm start/);
});

test('the command prints its usage on request, and ends with 2 after a mistake', async () => {
  const run = (option: string) =>
    promisify(execFile)('node', ['--import', 'tsx', 'dev/token.ts', option], { encoding: 'utf8' });
  const [help, mistake] = await Promise.all([run('--help'), run('--hlep').catch((error) => error)]);
  expect(help).toMatchObject({ stdout: expect.stringContaining('Usage: npm'), stderr: '' });
  expect(mistake).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/^Unknown option '--hlep'.*\n\nUsage: npm/),
  });
});
