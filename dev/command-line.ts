import { type ParseArgsConfig, parseArgs } from 'node:util';

type Options = NonNullable<ParseArgsConfig['options']>;

/** Of every command that is for a stack. */
export const DATA_DIR = { 'data-dir': { type: 'string', default: '.data' } } as const satisfies Options;

const HELP = { help: { type: 'boolean', short: 'h' } } as const satisfies Options;

/** Options of this project that npm has too: they may come from a person's .npmrc. */
const ALSO_NPMS = ['json', 'scope'];

/** The arguments are wrong. The message says what, and shows the usage. */
export class UsageError extends Error {
  override readonly name = 'UsageError';

  constructor(problem: string, usage: string) {
    super(`${problem}\n\n${usage}`);
  }
}

/** The arguments of this process. After --help or a mistake, it prints the usage and ends the process. */
export function readCommandLine<T extends Options>(usage: string, options: T, allowPositionals = false) {
  if (process.argv.slice(2).some((argument) => argument === '--help' || argument === '-h')) {
    console.log(usage);
    process.exit();
  }
  try {
    return parseCommandLine(usage, options, { allowPositionals });
  } catch (error) {
    return endWithUsage(error as UsageError);
  }
}

export function endWithUsage({ message }: UsageError): never {
  console.error(message);
  process.exit(2);
}

type Given = { args?: string[]; env?: NodeJS.ProcessEnv; allowPositionals?: boolean };

/** @throws UsageError */
export function parseCommandLine<T extends Options>(usage: string, options: T, given: Given = {}) {
  const { args = process.argv.slice(2), env = process.env, allowPositionals = false } = given;
  const taken = Object.keys(options).find((name) => isTakenByNpm(name, env));
  if (taken) throw new UsageError(`npm took --${taken} for itself. Write -- before it.`, usage);
  try {
    return parseArgs({ args, options: { ...HELP, ...options }, allowPositionals, allowNegative: true });
  } catch (error) {
    throw new UsageError(
      (error as Error).message.replace(/ To specify a positional argument .*/s, ''),
      usage,
    );
  }
}

/** `npm run demo --once` gives the option to npm, and nothing to the demo. */
function isTakenByNpm(name: string, env: NodeJS.ProcessEnv): boolean {
  return !ALSO_NPMS.includes(name) && Boolean(env[`npm_config_${name.replaceAll('-', '_')}`]);
}
