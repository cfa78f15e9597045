import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { serve } from '../../dev/serve.js';
import { runInShell } from '../support/shell.js';

/**
 * Runs the commands that scripts send here (bin/npm), in this process: each process of its own takes more than a second.
 * Commands as processes are in test/end-to-end/operator-commands.test.ts.
 */
export async function startCommands() {
  const server = createServer(async (request, response) => {
    const form = new URLSearchParams(await text(request));
    const { argument: _, ...environment } = Object.fromEntries(form);
    const { exitCode, stdout, stderr } = await runInShell(form.getAll('argument'), { environment });
    response.writeHead(exitCode === 0 ? 200 : 422).end(exitCode === 0 ? `${stdout}\n` : stderr);
  });
  return serve(server);
}
