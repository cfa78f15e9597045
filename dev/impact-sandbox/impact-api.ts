import { randomUUID } from 'node:crypto';
import { type Answer, invalid, queued, refused } from './answers.js';
import { reverseAction, updateAction } from './change-action.js';
import { listActions } from './list-actions.js';
import type { ImpactRequest, Resource } from './read-request.js';
import type { SandboxState } from './state.js';
import { processSubmissions, submissionObject } from './submissions.js';
import { validateConversion } from './validate-conversion.js';

export interface ImpactApiDeps {
  accountSid: string;
  authToken: string;
  state: SandboxState;
}

type Operation = (request: ImpactRequest, deps: ImpactApiDeps) => Answer;

const ROUTES: { path: RegExp; operations: Partial<Record<string, Operation>> }[] = [
  { path: /^\/Advertisers\/[^/]+\/Conversions$/, operations: { POST: submitConversion } },
  { path: /^\/Advertisers\/[^/]+\/APISubmissions\/[^/]+$/, operations: { GET: getSubmission } },
  {
    path: /^\/Advertisers\/[^/]+\/Actions$/,
    operations: { GET: listActions, PUT: updateAction, DELETE: reverseAction },
  },
];

const NOT_FOUND = refused(404, "Requested resource doesn't exist");

/** Statuses and messages: https://integrations.impact.com/impact-brand/reference/status-codes */
export function createImpactApi(deps: ImpactApiDeps): (request: ImpactRequest) => Answer {
  const limitExceeded = createRateLimit(deps.state);
  // HTTP basic, AccountSID:AuthToken: https://integrations.impact.com/brand-api-reference/readme/authentication
  const credentials = Buffer.from(`${deps.accountSid}:${deps.authToken}`).toString('base64');
  return (request) => {
    if (request.authorization !== `Basic ${credentials}`) return refused(401, 'No valid API key provided');
    const route = ROUTES.find(({ path }) => path.test(request.path));
    if (!route) return NOT_FOUND;
    if (!request.path.startsWith(`/Advertisers/${deps.accountSid}/`))
      return refused(403, "API key used doesn't have permissions to perform the request");

    return (
      limitExceeded(request.resource) ??
      route.operations[request.method]?.(request, deps) ??
      refused(405, 'Method used in the call is not supported')
    );
  };
}

const HOUR_MS = 3_600_000;

/**
 * "Maximum number of requests allowed for the resource within the given time period", which is an hour:
 * https://integrations.impact.com/impact-brand/reference/rate-limits
 */
function createRateLimit(state: SandboxState) {
  const counts = new Map<string, number>();
  return (resource: Resource): Answer | undefined => {
    const key = `${resource} ${Math.floor(Date.now() / HOUR_MS)}`;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    const isExceeded = count > (state.settings.rateLimits[resource] ?? Number.POSITIVE_INFINITY);
    return isExceeded ? refused(429, 'Too many requests hit the API too quickly') : undefined;
  };
}

/**
 * Checks what the request itself shows. What Impact finds out later (an unknown campaign or event type, a duplicate) is an
 * error of the submission, not of HTTP, so the conversion is queued like any other:
 * https://integrations.impact.com/impact-brand/reference/the-api-submission-object
 */
function submitConversion(request: ImpactRequest, { accountSid, state }: ImpactApiDeps): Answer {
  const { orderId = '' } = request;
  const errors = request.bodyErrors.length > 0 ? request.bodyErrors : validateConversion(request.fields);
  if (errors.length > 0) return invalid(errors, state.settings);

  const batchId = `A-${randomUUID()}`;
  const fields = Object.fromEntries(request.fields);
  state.record({ taken: { batchId, type: 'Conversion', orderId, fields } });
  return queued(accountSid, batchId);
}

/** `GET /Advertisers/{AccountSID}/APISubmissions/{BatchId}`: getApiSubmissionById in the v14 Submissions OpenAPI. */
function getSubmission(request: ImpactRequest, { accountSid, state }: ImpactApiDeps): Answer {
  processSubmissions(state);
  const submission = state.submissions.find(request.id);
  return submission ? { status: 200, body: submissionObject(submission, accountSid) } : NOT_FOUND;
}
