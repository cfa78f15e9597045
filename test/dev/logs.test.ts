import { expect, test } from 'vitest';
import { isProblem, readable, readableMongodLine, summaryOf } from '../../dev/logs.js';
import { createLogger } from '../../src/logger.js';

/** The line that the services write. */
function lineOf(log: (logger: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = [];
  log(createLogger('info', { destination: { write: (line) => void lines.push(line) } }));
  return String(lines[0]).trimEnd();
}

function failure(): Error {
  const cause = new Error('connect ECONNREFUSED');
  return Object.assign(new Error('Temporal cannot be reached', { cause }), { code: 'unreachable' });
}

test('a log line shows time, level, message and fields, and the stack of an error below', () => {
  const line = lineOf((logger) => logger.error({ err: failure(), conversionId: 'signup:1' }, 'no start'));
  const [first, ...rest] = readable(line).split('\n');
  expect(first).toMatch(/^\[\d\d:\d\d:\d\d\.\d{3}\] ERROR: no start \{"conversionId":"signup:1"\}$/);
  expect(rest.join('\n')).toContain('"code": "unreachable"');
  expect(rest.join('\n')).toContain('"cause": "connect ECONNREFUSED"');
  expect(rest.join('\n')).toMatch(/\n +Error: Temporal cannot be reached\n +at failure \(/);
});

test.each(['plain text', '{"level":50, cut', '{"a":1}', ''])('%j stays as it is', (line) => {
  expect(readable(line)).toBe(line);
});

test('a log line cannot move the cursor or reverse the text of the terminal', () => {
  const line = lineOf((logger) => logger.warn({ orderId: 'a\u202e' }, 'b\u001b[2J\u009bc\n\td'));
  const text = readable(line);
  expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u);
  expect(text).toContain('b\\u001b[2J\\u009bc\n');
});

test('a warning or worse is a problem, and its summary has the cause that the message leaves out', () => {
  const line = lineOf((logger) => logger.warn({ err: failure() }, 'no audit'));
  expect([isProblem(line), summaryOf(line)]).toEqual([true, 'no audit: Temporal cannot be reached']);
  expect(isProblem(lineOf((logger) => logger.info('the API listens')))).toBe(false);
});

test("mongod's lines are readable too", () => {
  const line =
    '{"t":{"$date":"2026-11-26T08:00:00.000+00:00"},"s":"E","c":"CONTROL","id":1,"ctx":"x","msg":"Address in use","attr":{"port":1}}';
  expect(readableMongodLine(line)).toBe(
    '[2026-11-26T08:00:00.000+00:00] E CONTROL Address in use {"port":1}',
  );
  expect(readableMongodLine('no JSON')).toBe('no JSON');
});
