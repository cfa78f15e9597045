import { describe, expect, it } from 'vitest';
import { formatTraceparent, parseTraceparent } from '../../src/tracing/traceparent.js';

const VALID = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

describe('a traceparent', () => {
  it('is parsed and formatted', () => {
    const parsed = parseTraceparent(VALID);
    expect(parsed).toEqual({
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      spanId: '00f067aa0ba902b7',
      traceFlags: 1,
    });
    expect(parsed && formatTraceparent(parsed)).toBe(VALID);
  });

  it.each([
    undefined,
    '',
    'mine',
    `${VALID}-x`,
    VALID.toUpperCase(),
    VALID.replace('4bf92f3577b34da6a3ce929d0e0e4736', '0'.repeat(32)),
    VALID.replace('00f067aa0ba902b7', '0'.repeat(16)),
  ])('is not read from %j', (value) => {
    expect(parseTraceparent(value)).toBeUndefined();
  });
});
