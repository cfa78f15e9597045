import { beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/mongo.js';
import type { CheckResult } from '../../src/operations/run-checks.js';
import { freshMongoUri } from '../support/mongo.js';
import { runInShell } from '../support/shell.js';
import { createNamespace, type TestNamespace } from '../support/temporal.js';

/** Nothing listens there. */
const AWAY = { MONGODB_URI: 'mongodb://kim:secret@127.0.0.1:1/x', TEMPORAL_ADDRESS: '127.0.0.1:1' };

let environment: Record<string, string>;

beforeAll(async () => {
  const temporal: TestNamespace = await createNamespace();
  environment = {
    MONGODB_URI: freshMongoUri(),
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
  };
});

const run = (args: string[], other: Record<string, string> = {}) =>
  runInShell(args, { environment: { ...environment, ...other } });

describe('status', () => {
  it('shows a dead worker on each queue', async () => {
    const { exitCode, stdout } = await run(['status']);
    expect(exitCode).toBe(0);
    for (const queue of ['conversions', 'impact', 'impact-reads'])
      expect(stdout).toMatch(new RegExp(`^${queue}: .*no worker listens$`, 'm'));
  });

  it.concurrent('shows what the ledger knows while Temporal is away', async () => {
    const { TEMPORAL_ADDRESS } = AWAY;
    const { exitCode, stdout, stderr } = await run(['status'], { TEMPORAL_ADDRESS });
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: 'Nothing is parked.\n' });
    expect(stderr).toMatch(/^Temporal does not answer\..* asked at 127\.0\.0\.1:1\./);
  });

  it.concurrent('shows what Temporal knows while MongoDB is away', async () => {
    const { MONGODB_URI } = AWAY;
    const { exitCode, stdout, stderr } = await run(['status', '--json'], { MONGODB_URI });
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      queues: [{ taskQueue: 'conversions' }, { taskQueue: 'impact' }, { taskQueue: 'impact-reads' }],
      failures: [expect.stringContaining('MongoDB cannot be reached at 127.0.0.1:1')],
    });
    expect(`${stdout}${stderr}`).not.toContain('secret');
  });

  it.concurrent('fails where neither answers', async () => {
    const { exitCode, stderr } = await run(['status'], AWAY);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/MongoDB cannot be reached/);
    expect(stderr).toMatch(/Temporal does not answer/);
  });
});

describe('doctor', () => {
  const checks = async (other: Record<string, string> = {}) => {
    const { exitCode, stdout } = await run(['doctor', '--json'], other);
    const results: CheckResult[] = JSON.parse(stdout).checks;
    const named = (state: string) => results.filter((each) => each.state === state).map(({ name }) => name);
    return { exitCode, results, ok: named('ok'), failed: named('failed'), skipped: named('skipped') };
  };
  const WORKERS = ['worker of conversions', 'worker of impact', 'worker of impact-reads'];

  it('names what a fresh system lacks, and creates nothing', async () => {
    for (const _again of [1, 2]) {
      const { exitCode, ok, failed } = await checks();
      expect({ exitCode, failed }).toEqual({ exitCode: 1, failed: ['indexes', ...WORKERS] });
      expect(ok).toEqual([
        'configuration',
        'MongoDB',
        'replica set',
        'permissions',
        'Temporal',
        'namespace',
        'search attributes',
      ]);
    }
  });

  it('finds the indexes that the service creates', async () => {
    const MONGODB_URI = freshMongoUri();
    await (await openDatabase(MONGODB_URI)).close();
    expect((await checks({ MONGODB_URI })).ok).toContain('indexes');
  });

  it.concurrent('says what to do about each system that is away, and skips what needs it', async () => {
    const { exitCode, failed, skipped, results } = await checks(AWAY);
    expect({ exitCode, failed }).toEqual({ exitCode: 1, failed: ['MongoDB', 'Temporal'] });
    expect(skipped).toEqual([
      'replica set',
      'permissions',
      'indexes',
      'namespace',
      'search attributes',
      ...WORKERS,
    ]);
    for (const { state, next } of results) if (state === 'failed') expect(next).toMatch(/^Check /);
    expect(JSON.stringify(results)).not.toContain('secret');
  });

  it.concurrent("says which issuer gives no keys, with the API's variables", async () => {
    const { results } = await checks({ AUTH_ISSUER: 'http://127.0.0.1:1', AUTH_AUTHORIZED_PARTIES: '*' });
    expect(results.find(({ name }) => name === 'keys of http://127.0.0.1:1')).toMatchObject({
      state: 'failed',
      next: expect.stringContaining('AUTH_JWKS_URL'),
    });
  });

  it.concurrent('goes on where the variables of the issuer are wrong', async () => {
    const { failed, results } = await checks({ AUTH_ISSUER: 'http://127.0.0.1:1' });
    expect(failed).toContain('token issuers');
    expect(JSON.stringify(results)).toContain('AUTH_AUTHORIZED_PARTIES: is missing');
  });

  it.concurrent('names a namespace that does not exist, and the command that creates it', async () => {
    const { failed, results } = await checks({ TEMPORAL_NAMESPACE: 'nope' });
    expect(failed).toEqual(['indexes', 'namespace']);
    expect(results.find(({ name }) => name === 'namespace')?.next).toContain(
      'temporal operator namespace create --namespace nope',
    );
  });

  it.concurrent('names the command that creates the search attributes', async () => {
    const { namespace } = await createNamespace({});
    const { results } = await checks({ TEMPORAL_NAMESPACE: namespace });
    expect(results.find(({ name }) => name === 'search attributes')).toMatchObject({
      state: 'failed',
      detail: expect.stringContaining(
        `search-attribute create --namespace ${namespace} --name ConversionStatus`,
      ),
    });
    expect(await run(['status'], { TEMPORAL_NAMESPACE: namespace })).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining('lacks the search attributes ConversionStatus'),
    });
  });

  it.concurrent('names a variable that is wrong', async () => {
    const { exitCode, results } = await checks({ MONGODB_URI: 'db.example.com' });
    expect(exitCode).toBe(1);
    expect(results).toEqual([
      expect.objectContaining({
        name: 'configuration',
        detail: expect.stringContaining('MONGODB_URI: must begin'),
      }),
    ]);
  });
});
