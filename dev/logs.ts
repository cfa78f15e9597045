import pretty from 'pino-pretty';
import { printable } from '../src/domain/foreign-text.js';

/** The JSON lines of the API, the worker and mongod, for a person. Their log files keep the JSON. */

const format = pretty.prettyFactory({
  colorize: Boolean(process.stdout.isTTY) && !process.env.NO_COLOR,
  singleLine: true,
  translateTime: 'SYS:HH:MM:ss.l',
  ignore: 'pid,hostname',
});

/** Time, level and message with the other fields on one line, and an error's stack below. Other text stays as it is. */
export function readable(line: string): string {
  if (!/^\{"level":\d+,/.test(line)) return line;
  try {
    return format(JSON.parse(line, (_name, value) => printableLines(value))).trimEnd();
  } catch {
    return line;
  }
}

/** JSON escapes what a terminal obeys, and its text here is decoded again. A stack keeps its line breaks. */
function printableLines(value: unknown): unknown {
  return typeof value === 'string' ? value.split('\n').map(printable).join('\n') : value;
}

/** pino's lines begin with their level: 40 is a warning, 50 an error, 60 fatal. */
export function isProblem(line: string): boolean {
  return /^\{"level":[456]0,/.test(line);
}

/** The message of a problem, with its cause. */
export function summaryOf(line: string): string {
  const { msg, err } = JSON.parse(line) as { msg?: string; err?: { message?: string } };
  const cause = err?.message && !msg?.includes(err.message) ? err.message : undefined;
  return [msg, cause].filter(Boolean).join(': ') || line;
}

/** https://www.mongodb.com/docs/manual/reference/log-messages/ */
export function readableMongodLine(line: string): string {
  try {
    const { t, s, c, msg, attr } = JSON.parse(line) as MongodLine;
    return [`[${t.$date}]`, s, c, msg, attr && JSON.stringify(attr)].filter(Boolean).join(' ');
  } catch {
    return line;
  }
}

type MongodLine = { t: { $date: string }; s: string; c: string; msg: string; attr?: object };
