import { DomainError } from '../domain/errors.js';
import type { Acknowledgement, KeptFinding } from '../domain/findings.js';
import type { Database } from '../mongo.js';

/**
 * Records who has looked at a finding, and why it may stay: it raises no alert any more. Another time adds another entry.
 * @throws DomainError `finding_not_found`, `finding_closed`
 */
export async function acknowledgeFinding(
  db: Database,
  id: string,
  note: Pick<Acknowledgement, 'by' | 'reason'>,
): Promise<KeptFinding> {
  const entry: Acknowledgement = { at: new Date(), ...note };
  const acknowledged = await db.findings
    .findOneAndUpdate(
      { _id: id, state: { $ne: 'closed' } },
      { $set: { state: 'acknowledged' }, $push: { acknowledgements: entry } },
      { returnDocument: 'after' },
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
