import pretty from 'pino-pretty';
import { printableLines } from '../src/domain/foreign-text.js';

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
    // JSON escapes what a terminal obeys, and its text is decoded again here. A stack keeps its line breaks.
    const shown = (_name: string, value: unknown) =>
      typeof value === 'string' ? printableLines(value) : value;
    return format(JSON.parse(line, shown)).trimEnd();
  } catch {
    return line;
  }
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
