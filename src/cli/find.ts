import { printable } from '../domain/foreign-text.js';
import { type FoundConversions, findConversions } from '../operations/find-conversions.js';
import { printExplanation } from './explain.js';
import { listText } from './list.js';
import { nextCommand } from './next-command.js';
import { jsonText } from './output.js';
import type { SharedOptions } from './program.js';
import type { Shell } from './shell.js';
import { withLedger } from './system.js';

/** @returns the exit code: 1 if it finds none */
export async function find(text: string, options: SharedOptions, shell: Shell): Promise<number> {
  const call = { ...shell, ...options };
  return withLedger(call, async (db, system) => {
    const programme = await system.programme();
    const found = await findConversions({ db, programme }, text);
    const [only, ...others] = found.conversions;
    if (options.json) shell.print(jsonText(found));
    else shell.print(foundText(found, text, call));
    if (!options.json && only && others.length === 0) {
      shell.print('');
      await printExplanation(db, only.conversionId, programme, call);
    }
    return only ? 0 : 1;
  });
}

const WORDS: Record<NonNullable<FoundConversions['foundBy']>, string> = {
  conversionId: 'a conversion',
  orderId: 'an order',
  clickId: 'a click: the conversions that are credited to it, and those of the users who came with it',
  clerkId: 'a user, by the id at the token issuer',
  userId: 'a user',
  day: 'a day (UTC): the conversions of its events',
};

function foundText(found: FoundConversions, text: string, call: Shell & SharedOptions): string {
  const { foundBy, clerkId, conversions, hasMore } = found;
  const given = printable(text.trim());
  if (foundBy === null) return `This service knows nothing of ${given}.`;
  const [newest] = conversions;
  const why =
    conversions.length > 1 && newest
      ? [`\nTo see why, and what to do: ${printable(nextCommand(call, 'explain', newest.conversionId))}`]
      : [];
  return [
    `${given} is ${WORDS[foundBy]}.`,
    ...(clerkId === undefined ? [] : [`The user is ${printable(clerkId)} at the token issuer.`]),
    '',
    listText({ conversions }, { now: new Date(), style: call.style }),
    ...(hasMore ? [`There are more than these ${conversions.length}.`] : []),
    ...why,
  ].join('\n');
}
