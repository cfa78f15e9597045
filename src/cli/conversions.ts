import { runCommand } from './run-command.js';
import { processShell } from './shell.js';

/** `npm run -s conversions -- <command>`: what a human asks of the service from a terminal. */
process.exitCode = await runCommand(process.argv.slice(2), processShell());
