import { printable } from '../domain/foreign-text.js';
import { decimalAmount } from '../domain/money.js';
import type { Programme } from '../domain/programme/programme.js';
import { checkProgramme, readProgrammeFile } from '../programme-file.js';
import { printResult, tableLines } from './output.js';
import type { SharedOptions } from './program.js';
import type { Shell } from './shell.js';

/** @returns the exit code: 1 if something is wrong with the file */
export function programmeCheck(file: string, { json }: SharedOptions, shell: Shell): number {
  const { programme, faults } = checkProgramme(readProgrammeFile(file));
  if (programme) {
    printResult(shell, json, contentsOf(programme), contentsText);
    return 0;
  }
  printResult(shell, json, { faults }, () =>
    faults.map(({ line, message }) => printable(`${file}:${line}: ${message}`)).join('\n'),
  );
  return 1;
}

/** The programme as the service reads it: with the values of options that the file leaves out. */
function contentsOf({ campaignId, attribution, signup, all }: Programme) {
  return {
    campaignId,
    attribution,
    signupEvent: signup.id,
    events: all.map(
      ({ id, type, actionTrackerId, referralWindowDays, after, maxAmountCents, description }) => ({
        id,
        type,
        actionTrackerId,
        referralWindowDays,
        ...(after ? { after } : {}),
        ...(maxAmountCents ? { maxAmountCents } : {}),
        description,
      }),
    ),
  };
}

type Contents = ReturnType<typeof contentsOf>;

function contentsText({ campaignId, attribution, signupEvent, events }: Contents): string {
  const titles = ['EVENT', 'TYPE', 'TRACKER', 'WINDOW', 'AFTER', 'WAITS', 'MAXIMUM', 'DESCRIPTION'];
  return [
    `campaign     ${campaignId}`,
    `attribution  ${attribution.replace('_', ' ')}`,
    `signup       ${signupEvent}, which the service records when it creates a user`,
    '',
    ...tableLines(titles, events.map(cells)),
  ].join('\n');
}

function cells(event: Contents['events'][number]) {
  const {
    id,
    type,
    actionTrackerId,
    referralWindowDays: days,
    after,
    maxAmountCents = {},
    description,
  } = event;
  const maxima = Object.entries(maxAmountCents).map(
    ([currency, cents]) => `${decimalAmount(cents, currency)} ${currency}`,
  );
  return [
    id,
    type,
    actionTrackerId,
    days === null ? 'none' : `${days} d`,
    after && `${after.eventId} + ${after.minutes} min`,
    after && `${after.maxHours} h`,
    maxima.join(', '),
    description,
  ];
}
