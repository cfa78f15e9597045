import { Option } from '@commander-js/extra-typings';
import { FINDING_STATES } from '../domain/findings.js';
import { type Context, examples, type Program, readNote } from './program.js';

/** The audit and its findings. Each way loads its own file: only an audit needs Temporal. */
export function addAudit(program: Program, { shell, done }: Context) {
  program
    .command('audit')
    .summary("compare the ledger with Impact's actions; its findings: --findings")
    .description(
      'Compares the ledger with the actions that Impact lists. A worker does it. Days are UTC days, and the audit includes the last one; a time such as 2026-11-01T12:00:00Z is exact. The exit code is 1 if there are differences that no operator has acknowledged. --findings lists what earlier audits have found, and --acknowledge records that a finding may stay.',
    )
    .option('--from <day>', 'the first day')
    .option('--to <day>', 'the last day')
    .option('--findings', 'list the kept findings without an audit: differences first, each newest first')
    .addOption(
      new Option('--state <state>', 'with --findings: only in this state (default: open)').choices([
        ...FINDING_STATES,
        'all',
      ]),
    )
    .option('--acknowledge <finding>', 'acknowledge a finding: it raises no alert any more')
    .option('--reason <text>', 'with --acknowledge: why it may stay', readNote('reason'))
    .option('--by <name>', 'with --acknowledge: who does it', readNote('by'), shell.user)
    .option('--csv <file>', 'write all findings to this file')
    .addHelpText(
      'after',
      examples(
        shell,
        'audit --from 2026-11-01 --to 2026-11-23 --csv findings.csv',
        'audit --findings',
        "audit --acknowledge amount_differs:99999:A-2 --reason 'settled with the partner'",
      ),
    )
    .action(async (_options, command) => {
      const options = command.optsWithGlobals();
      const { findings, acknowledge } = options;
      if (findings === undefined && acknowledge === undefined) {
        const { audit } = await import('./audit.js');
        done(await audit(options, shell));
      } else {
        const { handleFindings } = await import('./findings.js');
        done(await handleFindings(options, shell));
      }
    });
}
