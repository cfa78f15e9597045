import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runScript } from './run-script.js';
import type { RunbookStack } from './runbook-stack.js';

/** A script that goes on although a server refused a request would hide that. */
const STRICT_CURL = 'curl() { command curl --fail-with-body "$@"; }';

/** Variables of the shell itself. */
const SHELLS_OWN = ['PWD', 'OLDPWD', 'SHLVL', '_'];

/** The terminal of a reader who works beside `npm start`: a block has what earlier ones of its page have set. */
export function openShell(stack: RunbookStack) {
  const afterwards = join(stack.directory, 'shell-variables');
  let variables: Record<string, string> = stack.commandVariables;
  return async (script: string) => {
    const here = inThisStack(script, stack);
    const output = await runScript(`set -a\n${STRICT_CURL}\n${here}\nenv -0 > '${afterwards}'`, variables);
    if (output.exitCode === 0) variables = readVariables(await readFile(afterwards, 'utf8'));
    return output;
  };
}

/** The stack of the test has other ports and another directory than `npm start`. */
function inThisStack(script: string, { shellVariables: { API, WORKER }, sandbox, directory }: RunbookStack) {
  return script
    .replaceAll('localhost:3000', new URL(API).host)
    .replaceAll('localhost:4010', new URL(sandbox.url).host)
    .replaceAll('localhost:9464', new URL(WORKER).host)
    .replaceAll('.data/', `${directory}/`);
}

function readVariables(text: string): Record<string, string> {
  const entries = text.split('\0').filter(Boolean);
  const pairs = entries.map((entry) => [
    entry.slice(0, entry.indexOf('=')),
    entry.slice(entry.indexOf('=') + 1),
  ]);
  return Object.fromEntries(pairs.filter(([name = '']) => !SHELLS_OWN.includes(name)));
}
