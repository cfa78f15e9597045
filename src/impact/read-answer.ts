import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import type { FieldError } from '../domain/errors.js';
import { parseJson } from './parse-json.js';

/** Impact's answer, whichever of its shapes it came in. */
export interface ImpactAnswer {
  /** `QUEUED`, `OK` or `ERROR`. */
  status: string;
  queuedUri: string | undefined;
  message: string | undefined;
  fields: FieldError[];
}

/**
 * Documented are JSON with `Errors[{Field, Message}]`, JSON with `errors[{field, level, message}]`, and XML
 * where the request's `Accept` was lost on the way; which one really comes back is not known, so all are read.
 * https://integrations.impact.com/impact-brand/reference/responses
 * @returns null where the body is none of them
 */
export function readAnswer(body: string): ImpactAnswer | null {
  const document = body.trimStart().startsWith('<') ? parseXml(body) : parseJson(body);
  const result = answerSchema.safeParse(lowerCaseKeys(document));
  return result.success ? result.data : null;
}

const text = z.string().optional().catch(undefined);

// The status decides, and nothing beside it: an acknowledgement taken for unreadable would be sent again.
const answerSchema = z
  .object({
    status: z.coerce.string(),
    message: text,
    queueduri: text,
    errors: z.array(z.object({ field: text, message: text })).catch([]),
  })
  .transform(({ status, message, queueduri, errors }) => ({
    status: status.toUpperCase(),
    message,
    queuedUri: queueduri,
    fields: errors.map((error) => ({ field: error.field ?? '', message: error.message ?? '' })),
  }));

const xmlParser = new XMLParser({ parseTagValue: false, isArray: (name) => name === 'Error' });

/** `<ImpactRadiusResponse><Errors><Error>…` → the same shape as the JSON. */
function parseXml(body: string): unknown {
  try {
    const root = xmlParser.parse(body, true).ImpactRadiusResponse;
    return root?.Errors ? { ...root, Errors: root.Errors.Error } : root;
  } catch {
    return null;
  }
}

function lowerCaseKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowerCaseKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key.toLowerCase(), lowerCaseKeys(item)]),
  );
}
