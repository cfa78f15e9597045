import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { parseCommandLine } from '../../dev/command-line.js';
import { createToken, TOKEN_OPTIONS, TOKEN_USAGE } from '../../dev/create-token.js';
import { serve } from '../../dev/serve.js';
import type { Output } from '../support/child-output.js';
import { runInShell } from '../support/shell.js';

/**
 * Runs the commands that scripts send here (bin/npm), in this process: each process of its own takes more than a second.
 * Commands as processes are in test/end-to-end/operator-commands.test.ts and test/dev/start.test.ts.
 * @param directory of the stack, in place of `.data`
 */
export async function startCommands(directory: string) {
  const server = createServer(async (request, response) => {
    const form = new URLSearchParams(await text(request));
    const { argument: _, ...environment } = Object.fromEntries(form);
    const args = form.getAll('argument');
    const command = request.url === '/token' ? token(args, directory) : runInShell(args, { environment });
    const { exitCode, stdout, stderr } = await command;
    response.writeHead(exitCode === 0 ? 200 : 422).end(exitCode === 0 ? `${stdout}\n` : stderr);
  });
  return serve(server);
}

async function token(given: string[], directory: string): Promise<Output> {
  const args = given.includes('--data-dir') ? given : [...given, '--data-dir', directory];
  try {
    const commandLine = parseCommandLine(TOKEN_USAGE, TOKEN_OPTIONS, {
      args,
      env: {},
      allowPositionals: true,
    });
    return { exitCode: 0, stdout: await createToken(commandLine), stderr: '' };
  } catch (error) {
    return { exitCode: 1, stdout: '', stderr: String(error) };
  }
}
