import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import type { FieldError } from '../domain/errors.js';
import type { Redact } from '../redact.js';

/** Impact's answer, independent of its format; texts for people are redacted. */
export interface ImpactAnswer {
  /** `QUEUED`, `OK` or `ERROR`. */
  status: string;
  queuedUri: string | undefined;
  message: string;
  fields: FieldError[];
}

/**
 * Impact documents JSON with `Errors[{Field, Message}]`, JSON with `errors[{field, level, message}]`, and XML if the
 * request's `Accept` is lost on the way. Which one it uses is unknown, so this reads all three.
 * https://integrations.impact.com/impact-brand/reference/responses
 * @returns null if the body has none of these formats
 */
export function readAnswer({ body, redact }: { body: string; redact: Redact }): ImpactAnswer | null {
  const document = body.trimStart().startsWith('<') ? parseXml(body) : parseJson(body);
  const { success, data } = answerSchema.safeParse(lowerCaseKeys(document));
  if (!success) return null;
  return {
    status: data.status.toUpperCase(),
    queuedUri: data.queueduri,
    message: redact(data.message ?? ''),
    fields: data.errors.map(({ field = '', message = '' }) => ({
      field: redact(field),
      message: redact(message),
    })),
  };
}

const text = z.string().optional().catch(undefined);

// Only the status is required: an acknowledgement that counts as unreadable would be sent again.
const answerSchema = z.object({
  status: z.coerce.string(),
  message: text,
  queueduri: text,
  errors: z.array(z.object({ field: text, message: text })).catch([]),
});

/** @returns null if the body is not JSON */
export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

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
