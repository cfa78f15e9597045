import { expect, test } from 'vitest';
import { createProgress } from '../../dev/binaries/progress.js';
import { createSay } from './support.js';

function start(isTTY: boolean, name = 'mongod') {
  const written: string[] = [];
  const clock = { ms: 0 };
  const output = { isTTY, write: (text: string) => written.push(text) };
  const { say, lines } = createSay();
  return { ...createProgress(name, say, { output, now: () => clock.ms }), written, clock, lines };
}

test('on a terminal, one line changes with the megabytes and the percentage', () => {
  const { report, complete, written, lines } = start(true);
  report(1_500_000, 71_000_000);
  report(34_400_000, 71_000_000);
  complete();
  expect(written).toEqual([
    '\u001b[Kmongod: 1.5 of 71 MB (2 %)\r',
    '\u001b[Kmongod: 34 of 71 MB (48 %)\r',
    '\u001b[K\r',
  ]);
  expect(lines).toEqual(['mongod: downloaded 34 MB in 0 s']);
});

test('in a pipe, a plain line comes every ten seconds, and one at the end', () => {
  const { report, complete, written, lines, clock } = start(false);
  for (; clock.ms <= 25_000; clock.ms += 1_000) report(clock.ms * 1_000);
  complete();
  expect(lines).toEqual(['mongod: 10 MB', 'mongod: 20 MB', 'mongod: downloaded 25 MB in 26 s']);
  expect(written).toEqual([]);
});

test('two downloads share the last line of a terminal, and one that fails leaves it', () => {
  const first = start(true, 'temporal');
  const second = start(true);
  first.report(20_000_000, 40_000_000);
  second.report(12_000_000);
  expect(second.written).toEqual(['\u001b[Ktemporal: 20 of 40 MB (50 %)   mongod: 12 MB\r']);
  first.stop();
  expect([first.written.at(-1), first.lines]).toEqual(['\u001b[Kmongod: 12 MB\r', []]);
  second.stop();
});
