import { z } from 'zod';
import { type Click, impactClick } from './attribution.js';
import { clerkId, clickId, pastTime } from './fields.js';
import { inputFaults } from './input-faults.js';
import { LineError } from './lines.js';

/** A user who was there before this service. */
export interface UserToImport {
  clerkId: string;
  signedUpAt?: Date | undefined;
  click?: Click | undefined;
}

/** A user as a line of an import names it: the original model's user. */
export const userToImport = z.strictObject({
  clerkId: clerkId.describe("The user's id at the token issuer."),
  signedUpAt: pastTime
    .optional()
    .describe('When the user signed up, ISO 8601 with an offset; by default the time of the import.'),
  attribution: z
    .strictObject({ impact: z.strictObject({ clickId, capturedAt: pastTime }).optional() })
    .optional()
    .describe('The click that brought the user, and when it was captured.'),
});

/** @throws LineError */
export function readUserToImport(value: unknown): UserToImport {
  const result = userToImport.safeParse(value);
  if (!result.success) {
    const { detail, fields: errors } = inputFaults('line', result.error);
    throw new LineError({ code: 'invalid_request', detail, errors });
  }
  const { clerkId, signedUpAt, attribution } = result.data;
  const { clickId, capturedAt } = attribution?.impact ?? {};
  return {
    clerkId,
    ...(signedUpAt ? { signedUpAt: new Date(signedUpAt) } : {}),
    ...(clickId && capturedAt ? { click: impactClick(clickId, new Date(capturedAt)) } : {}),
  };
}

/** @throws LineError */
export function readJsonUser(text: string): UserToImport {
  return readUserToImport(parseJson(text));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new LineError({ code: 'malformed_json', detail: 'The line is not valid JSON.' });
  }
}
