import type { AuditEntry, AuditEntryModel } from './audit-entry.model.js';

const BATCH = 1_000;

export interface EntryWriter {
  add(entry: AuditEntry): Promise<void>;
  /** Writes what is left. */
  end(): Promise<void>;
}

/** Writes entries in batches; `onBatch` says that it gets on. */
export function createEntryWriter(entries: AuditEntryModel, onBatch: () => void): EntryWriter {
  let batch: AuditEntry[] = [];

  async function write(): Promise<void> {
    if (batch.length === 0) return;
    const operations = batch.map((entry) => ({
      replaceOne: { filter: { _id: entry._id }, replacement: entry, upsert: true },
    }));
    batch = [];
    // Worth nothing once the audit is over, so nobody waits for the journal. Plain documents: the driver does.
    await entries.collection.bulkWrite(operations as never, { ordered: false, writeConcern: { w: 1 } });
    onBatch();
  }

  return {
    async add(entry) {
      batch.push(entry);
      if (batch.length >= BATCH) await write();
    },
    end: write,
  };
}
