import type { Programme } from './domain/programme/programme.js';
import { type Contradiction, findContradictions } from './ledger/find-contradictions.js';
import type { Database } from './mongo.js';
import { ConfigError } from './variables.js';

/** With this programme, conversions would stay unfinished. */
export class ProgrammeContradiction extends ConfigError {
  override readonly code = 'programme_contradicts_ledger';

  constructor(contradictions: readonly Contradiction[]) {
    super(contradictions.map(describe), {
      heading: 'The programme contradicts the ledger (docs/programme.md#what-refuses-to-start):',
    });
  }
}

/**
 * Called before a process does anything, so that a wrong programme changes nothing.
 * @throws ProgrammeContradiction where unfinished conversions need an event that is gone, or that has another type now
 */
export async function refuseContradictions(db: Database, programme: Programme): Promise<void> {
  const contradictions = await findContradictions(db, programme);
  if (contradictions.length > 0) throw new ProgrammeContradiction(contradictions);
}

function describe({ eventId, type, count, example }: Contradiction): string {
  const fault = type === undefined ? 'is not in the programme' : `is a ${type} now, and was none`;
  const unfinished = count === 1 ? 'one conversion of it is' : `${count} conversions of it are`;
  return (
    `${eventId}: it ${fault}, and ${unfinished} unfinished, such as ${example}. ` +
    'Put the event back as it was until they are finished, and retry or abandon those that are parked.'
  );
}
