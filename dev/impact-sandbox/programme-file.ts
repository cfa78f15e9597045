import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Settings } from './state.js';

/** The numbers that Impact knows too. The service reads more out of the file. */
const fileSchema = z.object({
  campaignId: z.int().positive(),
  events: z.record(z.string(), z.object({ actionTrackerId: z.int().positive() })),
});

/** The setting `programmes` for the service's PROGRAMME_FILE. */
export function readProgrammeFile(path: string): Settings['programmes'] {
  const { campaignId, events } = fileSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  return { [campaignId]: Object.values(events).map(({ actionTrackerId }) => actionTrackerId) };
}
