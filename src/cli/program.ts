import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { printableLines } from '../domain/foreign-text.js';
import { MAX_NOTE } from '../domain/workflow-names.js';
import { readVersion } from './read-version.js';
import { noStyle, type Shell } from './shell.js';

export type Program = ReturnType<typeof createProgram>;

/** What a command is called with. */
export interface Context {
  shell: Shell;
  done: (exitCode: number) => void;
}

/** Options of every command. */
export interface SharedOptions {
  json?: boolean | undefined;
  dataDir?: string | undefined;
}

export const CONVERSION_ID = 'the conversion: <event>:<key>';

const AFTERWARDS = `
--help after a command shows its options, and examples. A command is for the system that MONGODB_URI and
TEMPORAL_ADDRESS name, or for the stack of npm start in .data/ or --data-dir. Exit codes: 0 done; 1 done with something left to look at, or the answer was no; 2 failed, with the reason.`;

const HELP_WIDTH = 110;

/** The command line without its commands, which inherit these settings. */
export function createProgram(shell: Shell) {
  const lines = (out: (text: string) => void) => (text: string) => out(text.replace(/\n$/, ''));
  return new Command(shell.invocation)
    .description('What an operator can do about conversions.')
    .exitOverride()
    .configureOutput({
      writeOut: lines(shell.print),
      writeErr: lines((text) => shell.say(printableLines(text))),
      getOutHasColors: () => shell.style !== noStyle,
      getErrHasColors: () => false,
      getOutHelpWidth: () => HELP_WIDTH,
      getErrHelpWidth: () => HELP_WIDTH,
    })
    .configureHelp({ showGlobalOptions: true, styleTitle: (text) => shell.style('bold', text) })
    .showHelpAfterError('(--help shows the options, and examples.)')
    .option('--data-dir <directory>', 'the stack of npm start that keeps its data there')
    .option('--json', 'print JSON, for scripts')
    .version(readVersion(shell.environment), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .addHelpText('before', ({ error }) => (error ? 'A command is missing.\n' : ''))
    .addHelpText('after', AFTERWARDS);
}

/** Who does something, and why: Temporal and the timeline keep it. */
export function readNote(option: keyof typeof MAX_NOTE): (text: string) => string {
  return (text) => {
    if (!text.trim()) throw new InvalidArgumentError('It is empty.');
    if (text.length <= MAX_NOTE[option]) return text;
    throw new InvalidArgumentError(`It has more than ${MAX_NOTE[option]} characters.`);
  };
}

/** For the end of a command's help. */
export function examples({ invocation }: Shell, ...commands: string[]): string {
  return ['', 'Examples:', ...commands.map((command) => `  ${invocation} ${command}`)].join('\n');
}
