import { describe, expect, it } from 'vitest';
import { linesOf, MAX_LINE_BYTES } from '../../src/domain/lines.js';

async function* chunksOf(text: string, size: number) {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(text: string, size = 5) {
  const lines: unknown[] = [];
  for await (const line of linesOf(chunksOf(text, size), (each) => each.trim())) lines.push(line);
  return lines;
}

describe('the lines of a text', () => {
  it.each([1, 2, 3, 7, 1_000])('are the same in chunks of %i bytes', async (size) => {
    expect(await read('\ufeffeins\nzwölf\r\n\n  \nfünf', size)).toEqual([
      { line: 1, value: 'eins' },
      { line: 2, value: 'zwölf' },
      { line: 5, value: 'fünf' },
    ]);
  });

  it.each([
    [MAX_LINE_BYTES, 'value'],
    [MAX_LINE_BYTES + 1, 'fault'],
    [10 * MAX_LINE_BYTES, 'fault'],
  ])('with %i bytes have a %s', async (length, key) => {
    const lines = await read(`${'x'.repeat(length)}\nlast`, 1_000);
    expect(lines).toEqual([
      { line: 1, [key]: expect.anything() },
      { line: 2, value: 'last' },
    ]);
  });

  it('are none in an empty text', async () => {
    expect(await read('')).toEqual([]);
  });

  it('are not guessed by an error of the reader', async () => {
    const broken = linesOf(chunksOf('a', 1), () => {
      throw new TypeError('a bug');
    });
    await expect(broken.next()).rejects.toThrow('a bug');
  });
});
