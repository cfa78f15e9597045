import { DomainError } from '../domain/errors.js';
import type { Acknowledgement, KeptFinding } from '../domain/findings.js';
import type { Database } from '../mongo.js';

type Note = Pick<Acknowledgement, 'by' | 'reason'>;

/**
 * Records who has looked at a finding, and why it may stay: it raises no alert any more. Another time adds another
 * entry; the same person with the same reason, while the finding is acknowledged, adds none.
 * @throws DomainError `finding_not_found`, `finding_closed`
 */
export async function acknowledgeFinding(db: Database, id: string, note: Note): Promise<KeptFinding> {
  const entry: Acknowledgement = { at: new Date(), ...note };
  const acknowledged = await db.findings
    .findOneAndUpdate(
      { _id: id, state: { $ne: 'closed' } },
      [
        {
          $set: {
            state: 'acknowledged',
            acknowledgements: {
              $cond: [
                isNewest(note),
                '$acknowledgements',
                { $concatArrays: ['$acknowledgements', [{ $literal: entry }]] },
              ],
            },
          },
        },
      ],
      { returnDocument: 'after', updatePipeline: true },
    )
    .lean<KeptFinding>();
  if (acknowledged) return acknowledged;
  const found = await db.findings.findById(id).lean<KeptFinding>();
  if (!found) throw new DomainError('finding_not_found', `No audit has met a finding "${id}".`);
  throw new DomainError(
    'finding_closed',
    `Finding "${id}" is closed: an audit of ${found.closedAt?.toISOString()} did not meet it any more. There is nothing to acknowledge.`,
  );
}

/** Then the request was sent twice. */
function isNewest({ by, reason }: Note) {
  return {
    $and: [
      { $eq: ['$state', 'acknowledged'] },
      { $eq: [{ $last: '$acknowledgements.by' }, { $literal: by }] },
      { $eq: [{ $last: '$acknowledgements.reason' }, { $literal: reason }] },
    ],
  };
}
