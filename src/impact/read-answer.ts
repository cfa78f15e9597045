import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import type { FieldError } from '../domain/errors.js';
import { cut, firstItems, MAX_NAME, oneLine } from '../domain/foreign-text.js';
import { wordOf } from '../domain/impact-words.js';
import type { Redact } from '../redact.js';

/** Impact's answer, independent of its format. Texts for people are redacted, printable and cut. */
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
  const excerpt = (text = '', maxLength?: number) => cut(oneLine(redact(text)), maxLength);
  return {
    status: wordOf(data.status),
    queuedUri: data.queueduri,
    message: excerpt(data.message),
    fields: firstItems(
      data.errors,
      ({ field, message }) => ({ field: excerpt(field, MAX_NAME), message: excerpt(message) }),
      (left) => ({ field: '…', message: `and ${left} more` }),
    ),
  };
}

const text = z.string().optional().catch(undefined);

/** Impact's addresses have some 80 characters. Without a usable one, an acknowledgement is still one. */
const uri = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/)
  .optional()
  .catch(undefined);

// Only the status is required: an acknowledgement that counts as unreadable would be sent again.
const answerSchema = z.object({
  status: z.coerce.string(),
  message: text,
  queueduri: uri,
  errors: z
    .array(
      z
        .unknown()
        .transform(lowerCaseKeys)
        .pipe(z.object({ field: text, message: text })),
    )
    .catch([]),
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

/** Of this object alone, as others may be nested at any depth. */
export function lowerCaseKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key.toLowerCase(), item]));
}
