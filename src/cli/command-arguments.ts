import { type ParseArgsConfig, parseArgs } from 'node:util';
import { MAX_NOTE } from '../domain/workflow-names.js';

/** The command's arguments are wrong. The message says what to type. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'usage';
}

type Options = NonNullable<ParseArgsConfig['options']>;

/** Options of every command. */
const SHARED = {
  json: { type: 'boolean', default: false },
  'data-dir': { type: 'string' },
} as const satisfies Options;

export const BY = { by: { type: 'string' } } as const satisfies Options;
export const YES = { yes: { type: 'boolean', default: false } } as const satisfies Options;

export function usageOf(command: string): string {
  return `Usage: npm run -s conversions -- ${command} [--json] [--data-dir DIR]`;
}

/** @throws UsageError with the command's usage */
export function readArguments<T extends Options>(usage: string, args: string[], options: T) {
  try {
    const config = { args, options: { ...SHARED, ...options }, allowPositionals: true } as const;
    const parsed = parseArgs(config);
    checkNote(parsed.values);
    return parsed;
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${usage}`);
  }
}

/** The timeline keeps who does something, and why. @throws Error */
function checkNote(values: Readonly<Record<string, unknown>>): void {
  for (const [option, longest] of Object.entries(MAX_NOTE))
    if (String(values[option] ?? '').length > longest)
      throw new Error(`--${option} has more than ${longest} characters.`);
}

/** @throws UsageError unless there is exactly one id */
export function oneId(usage: string, [id, ...others]: readonly string[]): string {
  if (id === undefined) throw new UsageError(`Which conversion? Ids are <event>:<key>.\n${usage}`);
  if (others.length > 0)
    throw new UsageError(`One conversion at a time, not ${others.length + 1}.\n${usage}`);
  return id;
}

/** Reads the options of a command that takes no id. @throws UsageError with the command's usage */
export function readOptions<T extends Options>(usage: string, args: string[], options: T) {
  const { values, positionals } = readArguments(usage, args, options);
  if (positionals.length > 0) throw new UsageError(`Unexpected argument '${positionals[0]}'.\n${usage}`);
  return values;
}
