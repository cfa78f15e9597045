import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { CLICK_ID_RULE, isClickId } from '../domain/attribution.js';
import { CONVERSION_STATUSES } from '../domain/conversion.js';
import { MOMENT_RULE, momentOf } from '../domain/moment.js';
import { addAudit } from './auditing.js';
import { CONVERSION_ID, type Context, examples, type Program } from './program.js';

/** The commands that change no conversion. Each loads its own file, and what that needs, when it is called. */
export function addLookingCommands(program: Program, context: Context): void {
  for (const add of [addStatus, addList, addFind, addExplain, addAudit, addDoctor, addProgramme])
    add(program, context);
}

function addStatus(program: Program, { shell, done }: Context) {
  program
    .command('status')
    .summary('whether reporting runs, how fast, and how many conversions are parked')
    .description(
      'Shows how many conversions are parked for which reason, whether reporting is paused, how fast it may go, how many tasks wait, and whether a worker runs. The exit code is 1 if MongoDB or Temporal does not answer, and the other does.',
    )
    .addHelpText('after', examples(shell, 'status', 'status --json'))
    .action(async (_options, command) => {
      const { status } = await import('./status.js');
      done(await status(command.optsWithGlobals(), shell));
    });
}

function addList(program: Program, { shell, done }: Context) {
  program
    .command('list')
    .summary('conversions, newest first: --status parked')
    .description(
      'Lists conversions, newest first, page by page. It reads the ledger alone. Days are UTC days, and the list includes the last one; a time such as 2026-11-01T12:00:00Z is exact. With --from or --to, the newest event is the first.',
    )
    .addOption(new Option('--status <status>', 'in this status').choices(CONVERSION_STATUSES))
    .option('--event <event>', 'of this campaign event, such as signup')
    .option('--reason <code>', 'with this reason, such as impact_refused')
    .option('--user <id>', 'of this user')
    .option('--clerk <id>', 'of the user whom the token issuer knows by this id')
    .option('--click <id>', 'credited to this click', readClickId)
    .option('--order <id>', "of this order of the shop, which is Impact's OrderId too")
    .option('--from <day>', 'that happened on this day, or later', readMoment)
    .option('--to <day>', 'that happened on this day, or earlier', readMoment)
    .option('--limit <count>', `how many, up to ${MAX_LIMIT}`, readLimit, 50)
    .option('--cursor <cursor>', 'where the previous page ended')
    .option('--csv <file>', 'write all of them to this file, and print none')
    .addHelpText(
      'after',
      examples(
        shell,
        'list --status parked',
        'list --event signup --reason impact_refused --limit 10',
        'list --from 2026-11-01 --to 2026-11-30 --csv november.csv',
      ),
    )
    .action(async (_options, command) => {
      const { list } = await import('./list.js');
      done(await list(command.optsWithGlobals(), shell));
    });
}

const MAX_LIMIT = 1_000;

function readLimit(text: string): number {
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw new InvalidArgumentError(`It is not a number from 1 to ${MAX_LIMIT}.`);
}

function readClickId(text: string): string {
  if (isClickId(text)) return text;
  throw new InvalidArgumentError(`It is not ${CLICK_ID_RULE}.`);
}

function readMoment(text: string): string {
  if (momentOf(text, 'from')) return text;
  throw new InvalidArgumentError(`It is not ${MOMENT_RULE}.`);
}

function addFind(program: Program, { shell, done }: Context) {
  program
    .command('find')
    .summary('conversions by anything that you have: an order id, a click id, a day')
    .description(
      'Finds conversions by a conversion id or a workflow id, an order id, a click id, the id of a user here or at the token issuer, or a day, which it tries in turn. A click id also finds the conversions of users who came with it, and whose conversions credit another click. It explains a conversion that it finds alone. The exit code is 1 if it finds none.',
    )
    .argument('<anything>', 'what you have')
    .addHelpText('after', examples(shell, 'find A-2', 'find 2026-11-17', 'find user_2x4Kp'))
    .action(async (text, _options, command) => {
      const { find } = await import('./find.js');
      done(await find(text, command.optsWithGlobals(), shell));
    });
}

function addExplain(program: Program, { shell, done }: Context) {
  program
    .command('explain')
    .summary('the state of one conversion, how it got there, and what to do')
    .description(
      'Explains one conversion: its state, how it got there, and what to do. It reads the ledger alone, so it works while Temporal is away.',
    )
    .argument('<id>', CONVERSION_ID)
    .addHelpText('after', examples(shell, 'explain sale_subscription:A-2'))
    .action(async (id, _options, command) => {
      const { explain } = await import('./explain.js');
      done(await explain(id, command.optsWithGlobals(), shell));
    });
}

function addDoctor(program: Program, { shell, done }: Context) {
  program
    .command('doctor')
    .summary('check the configuration and the connections')
    .description(
      'Checks the configuration, MongoDB, Temporal, the workers and the API, and says what to do about each check that fails. It changes nothing. The exit code is 1 if a check fails.',
    )
    .addHelpText('after', examples(shell, 'doctor', 'doctor --data-dir .data'))
    .action(async (_options, command) => {
      const { doctor } = await import('./doctor.js');
      done(await doctor(command.optsWithGlobals(), shell));
    });
}

function addProgramme(program: Program, { shell, done }: Context) {
  const programme = program
    .command('programme')
    .summary("programme check <file>: what a programme's file says, or what is wrong with it")
    .description("Is for the programme's file, which PROGRAMME_FILE names (docs/programme.md).")
    .helpCommand(false)
    .addHelpText('after', examples(shell, 'programme check programme.json'));
  programme
    .command('check')
    .summary('what a file says, or what is wrong with it')
    .description(
      'Shows the events of a file and how the service would treat them, or each line that is wrong. It needs no system. The exit code is 1 if something is wrong.',
    )
    .argument('<file>', "the programme's file, as for PROGRAMME_FILE")
    .addHelpText('after', examples(shell, 'programme check programme.json'))
    .action(async (file, _options, command) => {
      const { programmeCheck } = await import('./programme-check.js');
      done(programmeCheck(file, command.optsWithGlobals(), shell));
    });
}
