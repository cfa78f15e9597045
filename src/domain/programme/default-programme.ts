import { parseProgramme } from './programme.js';
import type { ProgrammeInput } from './schema.js';

/** Without a PROGRAMME_FILE. */
export const DEFAULT_PROGRAMME: ProgrammeInput = {
  campaignId: 48046,
  events: {
    signup: { type: 'lead', actionTrackerId: 68897, description: 'A user signed up.' },
    sale_subscription: {
      type: 'sale',
      actionTrackerId: 99999,
      description: 'A user bought a subscription.',
    },
  },
};

export const defaultProgramme = parseProgramme(DEFAULT_PROGRAMME);
