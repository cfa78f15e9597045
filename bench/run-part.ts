import type { Report } from './part.js';
import { PARTS } from './parts/index.js';

/** Runs one part in this process, and sends what it reports to the process that forked this one (index.ts). */

const [name = '', quick] = process.argv.slice(2);
const send = (message: Message) => process.send?.(message);

/** The three kinds of lines that a part reports. */
export type Message = {
  [kind in keyof Report]: { kind: kind; line: Parameters<Report[kind]> };
}[keyof Report];

const part = await PARTS[name]?.();
if (!part) throw new Error(`There is no part ${name}.`);
const report: Report = {
  row: (row) => send({ kind: 'row', line: [row] }),
  skip: (work, why) => send({ kind: 'skip', line: [work, why] }),
  progress: (text) => send({ kind: 'progress', line: [text] }),
};
await part.run(report, { quick: quick === 'quick' });
process.disconnect?.();
process.exit();
