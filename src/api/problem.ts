import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import { CodedError, type FieldError } from '../domain/errors.js';
import { preview } from './answers.js';

/**
 * Code → HTTP status, and the meaning in /openapi.json. The codes are part of the API: clients branch on them, so
 * none changes its meaning.
 */
export const PROBLEMS = {
  invalid_request: [400, 'a part of the request is missing, malformed or unknown; `errors` names each field'],
  malformed_json: [400, 'the body is not JSON'],
  unknown_campaign_event: [400, 'no campaign event has this id'],
  stripe_signature_invalid: [400, 'the body is not signed with a secret of the endpoint, or too long ago'],
  stripe_event_unreadable: [400, 'the event of Stripe is in no shape that this service knows'],
  sign_in_failed: [400, 'the sign-in with the OpenID Connect provider failed'],
  amount_too_high: [400, "the amount is above the campaign event's maximum, or above what Impact takes"],
  token_missing: [401, 'the request has no bearer token'],
  token_malformed: [401, 'the token is not a JWT, or lacks a claim'],
  token_expired: [401, 'the token has expired'],
  token_not_yet_valid: [401, 'the token is not valid yet'],
  token_lifetime_too_long: [401, 'the token is valid for longer than the API accepts'],
  token_wrong_issuer: [401, 'another issuer issued the token, or the one of users a machine token'],
  token_wrong_audience: [401, 'the token is for another audience'],
  token_wrong_party: [401, 'the token was issued to an origin or a client that is not authorized'],
  token_unknown_key: [401, 'the issuer does not have the key that signed the token'],
  token_invalid_signature: [401, "the signature is not the issuer's"],
  token_not_a_session: [401, 'the token belongs to no session'],
  session_expired: [401, 'the session of the console has ended, or there is none'],
  session_pending: [401, 'the user must finish signing in'],
  session_token_required: [403, 'the route is for users'],
  impersonated_session: [403, 'an impersonated session creates and attributes nothing'],
  machine_token_required: [403, 'the route is for backends'],
  session_only_reads: [403, 'a session of the console only reads'],
  role_missing: [403, 'the person lacks the role of the console'],
  cross_site_request: [403, 'another site sent the request'],
  insufficient_scope: [403, 'the machine lacks the scope of the route, or its token leaves it out'],
  conversion_not_found: [404, 'the ledger has no conversion of this id'],
  adjustment_not_found: [404, 'the conversion has no such adjustment'],
  audit_not_found: [404, 'no audit has ended yet'],
  finding_not_found: [404, 'no audit has met a finding of this id'],
  user_not_found: [404, 'this service has not seen the user'],
  route_not_found: [404, 'no route has this path'],
  method_not_allowed: [405, 'the path has no such method; `Allow` lists its methods'],
  conversion_conflict: [409, 'the conversion was already published with other data'],
  conversion_not_parked: [409, 'only a parked conversion can be retried'],
  conversion_abandoned: [409, 'an operator abandoned it; `restart` restarts it'],
  conversion_declined: [409, 'Impact declined it; `restart` restarts it'],
  conversion_reversed: [409, 'it is reversed, and stays so'],
  conversion_settled: [409, 'nothing is left to abandon'],
  user_erased: [409, 'the user was erased after this: after the token, the signup, or the conversion'],
  finding_closed: [409, 'a later audit did not meet the finding any more'],
  concurrent_update: [409, 'another request changed it at the same time; read it, and retry if needed'],
  no_amount: [409, 'the campaign event has no amount'],
  preview_changed: [409, 'another number would be moved now: `count`, with `byReason`; confirm that one'],
  batch_running: [409, 'Temporal runs another batch operation; retry when that has ended'],
  start_refused: [409, 'Temporal refuses its workflow, and would again; it stays parked'],
  body_too_large: [413, 'the body is larger than the route takes: 16 kB, or 1 MB from Stripe'],
  unsupported_media_type: [415, 'the body has another media type, or is not in UTF-8'],
  too_many_requests: [429, 'the caller or the address sent too many; retry after `Retry-After`'],
  internal_error: [500, 'an unexpected error; it is logged'],
  token_key_pending: [503, 'the issuer may have published the key of the token a moment ago; retry'],
  authentication_unavailable: [503, "the issuer's keys, or the console's provider, are unavailable; retry"],
  database_unavailable: [503, 'the database is unavailable; retry, as requests are idempotent'],
  temporal_unavailable: [503, 'Temporal is unavailable; retry'],
} as const satisfies Record<string, readonly [status: number, meaning: string]>;

export type ProblemCode = keyof typeof PROBLEMS;

export const problemBody = z
  .object({
    type: z.literal('about:blank'),
    title: z.string().describe("The status' name."),
    status: z.int().min(400).max(599),
    code: z.string().describe('Stable: branch on this.'),
    detail: z.string().describe('What happened, and what to do next.'),
    errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
    count: preview.shape.count.optional().describe('Of `preview_changed`: how many would be moved now.'),
    byReason: preview.shape.byReason.optional().describe('Of `preview_changed`.'),
    estimate: preview.shape.estimate.describe('Of `preview_changed`.'),
  })
  .meta({ id: 'Problem' });

/** An error answer: `application/problem+json`. https://www.rfc-editor.org/rfc/rfc9457 */
export class Problem extends CodedError<ProblemCode> {
  override readonly name = 'Problem';

  get status(): number {
    return PROBLEMS[this.code][0];
  }
}

/** The body of an error answer. */
export function toProblemBody(
  code: ProblemCode,
  detail: string,
  fields: readonly FieldError[] = [],
  members: Readonly<Record<string, unknown>> = {},
): z.output<typeof problemBody> {
  const [status] = PROBLEMS[code];
  const title = STATUS_CODES[status] ?? 'Error';
  const errors = fields.length > 0 ? { errors: [...fields] } : {};
  return { ...members, type: 'about:blank', title, status, code, detail, ...errors };
}
