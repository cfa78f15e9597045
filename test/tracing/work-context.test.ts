import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createLogger } from '../../src/logger.js';
import {
  concernsConversion,
  createWorkContext,
  currentTraceparent,
  inContext,
  inSpanContext,
} from '../../src/tracing/work-context.js';

const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

function createLog() {
  const lines: string[] = [];
  const logger = createLogger('info', { destination: { write: (line) => lines.push(line) } });
  return { logger, last: () => JSON.parse(lines.at(-1) ?? '') };
}

it('is on every line of its work after the conversion became known, and on no other line', async () => {
  const { logger, last } = createLog();
  await inContext(createWorkContext(), async () => {
    await setImmediate();
    concernsConversion('signup:1');
    await setImmediate();
    logger.info('inside');
    expect(last()).toMatchObject({ conversionId: 'signup:1' });
  });
  logger.info('outside');
  expect(last()).not.toHaveProperty('conversionId');
});

it('names all conversions of a request, or the one that the line itself names', () => {
  const { logger, last } = createLog();
  inContext(createWorkContext(), () => {
    for (const id of ['signup:1', 'sale_subscription:A']) concernsConversion(id);
    logger.info('both');
    expect(last().conversionId).toEqual(['signup:1', 'sale_subscription:A']);
    logger.info({ conversionId: 'sale_subscription:A' }, 'one');
    expect(last().conversionId).toBe('sale_subscription:A');
  });
});

it('names the trace and the conversion within a span', () => {
  const { logger, last } = createLog();
  inContext(createWorkContext(['signup:1']), () =>
    inSpanContext(TRACEPARENT, () => {
      expect(currentTraceparent()).toBe(TRACEPARENT);
      logger.info('inside');
      expect(last()).toMatchObject({
        conversionId: 'signup:1',
        trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
      });
    }),
  );
  expect(currentTraceparent()).toBeUndefined();
});
