import { type Context, examples, type Program } from './program.js';

/** The command that creates users. It loads its own file, and what that needs, when it is called. */
export function addImport(program: Program, { shell, done }: Context) {
  program
    .command('import')
    .summary('import the users who were there before this service, from a file')
    .description(
      'Imports users from a CSV file with a line of titles (clerkId, signedUpAt, clickId, capturedAt), or from NDJSON. It makes no signup, and never changes a user who is there, so that an interrupted import can be begun again. It shows a preview first, and asks. USER_ID_KEY must be that of the API. A broken line is refused, and the others go on; the exit code is then 1.',
    )
    .argument('<file>', 'CSV or NDJSON; docs/users.md has both')
    .option('--preview', 'count new, known and refused lines, and import nothing')
    .option('--yes', 'do not ask')
    .addHelpText('after', examples(shell, 'import users.csv --preview', 'import users.csv'))
    .action(async (file, _options, command) => {
      const { importFile } = await import('./import.js');
      done(await importFile(file, command.optsWithGlobals(), shell));
    });
}
