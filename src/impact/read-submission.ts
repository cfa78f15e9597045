import { z } from 'zod';
import { cut, firstItems, MAX_NAME, oneLine } from '../domain/foreign-text.js';
import { isDocumented, looksLikeCode } from '../domain/impact-reasons.js';
import { wordOf } from '../domain/impact-words.js';
import { type Exchange, unreadable } from './http.js';
import { lowerCaseKeys, parseJson } from './read-answer.js';

/**
 * `complete` without reasons means accepted. Impact's "Complete" alone also covers rejected submissions.
 * `unfamiliar`: Impact gives it a status that this version does not know.
 */
export type SubmissionState =
  | { state: 'processing' }
  | { state: 'complete'; errorReasons: string[] }
  | { state: 'unfamiliar'; status: string };

/** Impact documents `Queued`, `In Progress` and `Complete`. The others are inferred. `ERROR` is a refusal of any request. */
const STATES: Readonly<Record<string, 'processing' | 'complete' | 'failed'>> = {
  QUEUED: 'processing',
  INPROGRESS: 'processing',
  PROCESSING: 'processing',
  PENDING: 'processing',
  COMPLETE: 'complete',
  COMPLETED: 'complete',
  FAILED: 'failed',
  FAILURE: 'failed',
  REJECTED: 'failed',
};

const text = z.string().nullish();
const texts = z
  .union([z.string(), z.array(z.string())])
  .nullish()
  .transform((value) => (typeof value === 'string' ? [value] : (value ?? [])));

/** https://integrations.impact.com/impact-brand/reference/the-api-submission-object */
const submissionSchema = z
  .unknown()
  .transform(lowerCaseKeys)
  .pipe(z.object({ status: z.string().min(1), errortype: text, errorreason: texts, errorreasons: texts }));

/** @throws RetryableImpactError `impact_unreadable` */
export function readSubmission(exchange: Exchange): SubmissionState {
  const { success, data } = submissionSchema.safeParse(parseJson(exchange.body));
  if (!success) throw unreadable(exchange);
  const { redact } = exchange;
  const excerpt = (words: string) => cut(oneLine(redact(words)), MAX_NAME);
  const word = wordOf(data.status);
  const state = Object.hasOwn(STATES, word) ? STATES[word] : undefined;
  if (state === undefined) return { state: 'unfamiliar', status: excerpt(data.status) };
  if (state === 'processing') return { state };
  // Redacted before they are split, as a secret may have several parts.
  const reasons = [...data.errorreason, ...data.errorreasons].map(redact).flatMap(splitReasons);
  // An error type without a reason is an error too, and so is a failure without either.
  const otherwise = data.errortype?.trim() || (state === 'failed' ? `Status ${data.status}` : undefined);
  if (reasons.length === 0 && otherwise !== undefined) reasons.push(otherwise);
  return { state: 'complete', errorReasons: firstItems(reasons, excerpt, (left) => `and ${left} more`) };
}

/** Impact documents codes that spaces separate. Commas, semicolons, bars and line breaks separate them here as well. */
function splitReasons(reasons: string): string[] {
  return reasons
    .split(/[,;|\r\n]+/)
    .map((part) => part.trim())
    .filter(Boolean)
    .flatMap(splitWords);
}

/** A sentence stays together; a code that it quotes comes first. */
function splitWords(part: string): string[] {
  if (isDocumented(part)) return [part];
  const words = part.split(/\s+/);
  if (words.every(looksLikeCode)) return words;
  return [...words.filter((word) => word.includes('_') && isDocumented(word)), part];
}
