import { CommanderError } from '@commander-js/extra-typings';
import { printableLines } from '../domain/foreign-text.js';
import { errorMessage } from '../operations/error-message.js';
import { addImport } from './importing.js';
import { addLookingCommands } from './looking.js';
import { addMovingCommands } from './moving.js';
import { createProgram, type Program } from './program.js';
import type { Shell } from './shell.js';

/** @returns the exit code: 0 done; 1 done with something left to look at, or the answer was no; 2 failed */
export async function runCommand(args: string[], shell: Shell): Promise<number> {
  const program = createProgram(shell);
  let exitCode = 2;
  const done = (code: number) => {
    exitCode = code;
  };
  addLookingCommands(program, { shell, done });
  addMovingCommands(program, { shell, done });
  addImport(program, { shell, done });
  try {
    await program.parseAsync(readHelp(program, args), { from: 'user' });
    return exitCode;
  } catch (error) {
    // The program has printed its help, its version, or what is wrong with the arguments.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    shell.say(printableLines(errorMessage(error)));
    return 2;
  }
}

/** Commander answers `help explian` and `explian --help` with the help for all commands, as if nothing were wrong. */
function readHelp(program: Program, args: string[]): string[] {
  const isKnown = (name: string) => program.commands.some((command) => command.name() === name);
  const [name = 'help', topic] = program.parseOptions(args).operands;
  if (name === 'help') return topic === undefined ? args : isKnown(topic) ? [topic, '--help'] : [topic];
  return isKnown(name) ? args : [name];
}
