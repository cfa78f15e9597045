import { runCommand } from './run-command.js';
import { processShell } from './shell.js';

/** `npm run -s conversions -- <command>`: the operators' commands. */

// `list | head` closes the pipe when it has enough, which is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

process.exitCode = await runCommand(process.argv.slice(2), processShell());
