import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { tempDir } from './support.js';

const run = promisify(execFile);

async function demo(env: Record<string, string> = {}) {
  const args = ['--import', 'tsx', 'dev/demo.ts', '--once', '--data-dir', await tempDir()];
  return run('node', args, { env: { ...process.env, npm_lifecycle_event: undefined, ...env } });
}

describe('the demo', () => {
  it('tells its stories to the end, with a link to each workflow', async () => {
    const { stdout } = await demo();
    expect(stdout).toContain('ClickId=3t6RuJ:x0-xyNWQ');
    expect(stdout).toContain('skipped: no_attribution');
    expect(stdout).toContain('Amount=49.00 CurrencyCode=USD');
    expect(stdout).toMatch(/checkReferralWindow +inside=true/);
    expect(stdout).toMatch(/completed .*status=confirmed/);
    expect(stdout).toContain('reversed: the reversal (ITEM_RETURNED) is confirmed');
    expect(stdout).toMatch(/has action \S+ as REVERSED, Amount=0/);
    expect(stdout).toMatch(
      /http:\S+\/workflows\/conversion%2Fsale_subscription%2Forder-1001\/[\w-]+\/history/,
    );
    expect(stdout).toMatch(/reportConversion +failed: Impact refused the request \(HTTP 400\)/);
    expect(stdout).toMatch(
      /\$ npm run -s conversions -- explain sale_subscription:order-1004 --data-dir \S+\/demo/,
    );
    expect(stdout).toMatch(/status +parked \(impact_refused\)\n +since .*\n +why +Impact refused it/);
    expect(stdout).toMatch(
      /\$ npm run -s conversions -- retry sale_subscription:order-1004 .*\n +Retried sale/,
    );
    expect(stdout).toMatch(
      /completed +conversionId=sale_subscription:order-1004 timesParked=1 status=confirmed/,
    );
    expect(stdout).toContain('skipped: outside_referral_window');
    expect(stdout).toMatch(/checkParent +status=reporting reason=waits_for_parent/);
    expect(stdout).toMatch(/ItemCategory1=team .*OrderPromoCode=SAVE10 .*CustomerEmail=[0-9a-f]{40}\n/);
    expect(stdout).toContain('reversed: the reversal (REJECTED) is confirmed');
    expect(stdout).toContain('ClickId=click-B');
    expect(stdout).toMatch(/reversed on both sides +2\n/);
    expect(stdout).toMatch(/No open differences\.\n/);
    expect(stdout).toContain('against the Impact sandbox');
    expect(stdout).toMatch(/see it at +http:\S+\/workflows\/conversion%2Fsignup%2F\w+\/[\w-]+\/history/);
  }, 120_000);

  it('fails with the reason if it cannot start', async () => {
    const failure = demo({ MONGOD_PATH: '/nowhere/mongod', TEMPORAL_CLI_PATH: '/nowhere/temporal' });
    await expect(failure).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('/nowhere/mongod'),
    });
  }, 60_000);
});
