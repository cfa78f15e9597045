import { Option } from '@commander-js/extra-typings';
import { DECIDED_AGAINST } from '../domain/conversion.js';
import { CONVERSION_ID, type Context, examples, type Program, readNote } from './program.js';

/** The commands that move conversions. Each loads its own file, and what that needs, when it is called. */
export function addMovingCommands(program: Program, context: Context): void {
  for (const add of [addRetry, addAbandon, addPause, addResume]) add(program, context);
}

const MOVED_STATUSES = ['parked', ...DECIDED_AGAINST] as const;

function addRetry(program: Program, { shell, done }: Context) {
  program
    .command('retry')
    .summary('retry one parked conversion, or --all')
    .description(
      'Retries one parked conversion, or all that are parked. A retry never reports a conversion twice. It also retries conversions that were skipped as provider_not_configured; with --all, if --reason names it. With --all, the parked ones are one batch operation of Temporal.',
    )
    .argument('[id]', CONVERSION_ID)
    .option('--restart', 'report an abandoned, declined or skipped conversion after all')
    .option('--all', 'everything that is parked; with --restart, everything of a --status')
    .option('--reason <code>', 'with --all: only with this reason')
    .option('--event <event>', 'with --all: only of this campaign event')
    .addOption(new Option('--status <status>', 'with --all: only with this status').choices(MOVED_STATUSES))
    .option('--yes', 'with --all: do not ask')
    .option('--by <name>', 'who retries: the timeline keeps it', readNote('by'), shell.user)
    .addHelpText(
      'after',
      examples(
        shell,
        'retry sale_subscription:A-2',
        'retry sale_subscription:A-2 --restart',
        'retry --all --reason impact_refused',
        'retry --all --restart --status abandoned --event signup',
      ),
    )
    .action(async (id, _options, command) => {
      const { retry } = await import('./retry.js');
      done(await retry(id, command.optsWithGlobals(), shell));
    });
}

function addAbandon(program: Program, { shell, done }: Context) {
  program
    .command('abandon')
    .summary('decide that a conversion is never reported, or --all that are parked')
    .description(
      'Abandons one conversion, or all that are parked: it is never reported, and its partner is not paid for it. With --all, it is one batch operation of Temporal.',
    )
    .argument('[id]', CONVERSION_ID)
    .requiredOption('--reason <text>', 'why: the timeline keeps it', readNote('reason'))
    .option('--all', 'everything that is parked')
    .option('--park-reason <code>', 'with --all: only those that are parked with this reason')
    .option('--event <event>', 'with --all: only of this campaign event')
    .option('--yes', 'do not ask')
    .option('--by <name>', 'who abandons: the timeline keeps it', readNote('by'), shell.user)
    .addHelpText(
      'after',
      examples(
        shell,
        "abandon sale_subscription:A-2 --reason 'test order'",
        "abandon --all --park-reason too_old --reason 'settled by hand'",
      ),
    )
    .action(async (id, _options, command) => {
      const { abandon } = await import('./abandon.js');
      done(await abandon(id, command.optsWithGlobals(), shell));
    });
}

function addPause(program: Program, { shell, done }: Context) {
  program
    .command('pause')
    .summary('send nothing more to Impact until resume')
    .description(
      'Sends nothing more to Impact until resume. Conversions are recorded as usual, and no attempt is used up.',
    )
    .option('--reason <text>', 'why: status shows it', readNote('reason'), 'paused')
    .option('--by <name>', 'who pauses: status shows it', readNote('by'), shell.user)
    .addHelpText('after', examples(shell, "pause --reason 'Impact is down'"))
    .action(async (_options, command) => {
      const { pause } = await import('./pause.js');
      done(await pause(command.optsWithGlobals(), shell));
    });
}

function addResume(program: Program, { shell, done }: Context) {
  program
    .command('resume')
    .summary('send to Impact again')
    .description('Ends a pause: the limit that the workers ask for holds again.')
    .option('--by <name>', 'who resumes', readNote('by'), shell.user)
    .addHelpText('after', examples(shell, 'resume'))
    .action(async (_options, command) => {
      const { resume } = await import('./resume.js');
      done(await resume(command.optsWithGlobals(), shell));
    });
}
