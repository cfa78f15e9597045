import { runCommand } from './run-command.js';
import { processShell } from './shell.js';

/** `npm run -s conversions -- <command>`: the operators' commands. */
process.exitCode = await runCommand(process.argv.slice(2), processShell());
