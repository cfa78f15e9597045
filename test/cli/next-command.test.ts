import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { nextCommand } from '../../src/cli/next-command.js';

describe('the next command', () => {
  it('is whole, and for the same system', () => {
    const call = { invocation: 'npm run -s conversions --', dataDir: '.other' };
    expect(nextCommand(call, 'explain', 'sale_subscription:A-1')).toBe(
      'npm run -s conversions -- explain sale_subscription:A-1 --data-dir .other',
    );
  });

  it.each(['sale:A 1', "sale:A'1", 'sale:$(date)', 'sale:`date`', 'sale:"1"', 'sale:A;date', 'sale:é&'])(
    'is safe to paste, whatever an order id has: %s',
    (id) => {
      const pasted = nextCommand({ invocation: "printf '%s|'" }, 'explain', id);
      expect(execFileSync('sh', ['-c', pasted], { encoding: 'utf8' })).toBe(`explain|${id}|`);
    },
  );
});
