import { audit } from './audit.js';
import { UsageError } from './usage-error.js';

/** `npm run -s conversions -- <command>`: what a human asks of the service from a terminal. */

const COMMANDS: Readonly<Record<string, (args: string[]) => Promise<number>>> = { audit };

const USAGE = `Usage: npm run -s conversions -- <command>\nCommands: ${Object.keys(COMMANDS).join(', ')}`;

process.exitCode = await run(process.argv.slice(2));

async function run([name = '', ...args]: string[]): Promise<number> {
  const command = COMMANDS[name];
  try {
    if (!command) throw new UsageError(USAGE);
    return await command(args);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return 2;
  }
}
