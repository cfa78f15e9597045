import { endWithUsage, readCommandLine, UsageError } from './command-line.js';
import { createToken, TOKEN_OPTIONS, TOKEN_USAGE } from './create-token.js';

/** `npm run -s token`: a token that the running stack accepts, and nothing else on stdout. */

const commandLine = readCommandLine(TOKEN_USAGE, TOKEN_OPTIONS, true);
try {
  console.log(await createToken(commandLine));
} catch (error) {
  if (error instanceof UsageError) endWithUsage(error);
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
