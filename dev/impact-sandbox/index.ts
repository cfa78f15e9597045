export { type JournalLine, readJournal } from './journal.js';
export { readProgrammeFile } from './programme-file.js';
export type { ReceivedConversion, ReceivedRequest } from './received.js';
export { type ImpactSandboxOptions, startImpactSandbox } from './start.js';
