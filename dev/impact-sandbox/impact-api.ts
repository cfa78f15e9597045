import { reverseAction, updateAction } from './actions/change-action.js';
import { getAction } from './actions/get-action.js';
import { listActions } from './actions/list-actions.js';
import { type AnyAnswer, notFound, refused } from './answers.js';
import { createRateLimits } from './rate-limits.js';
import type { ImpactRequest } from './read-request.js';
import { resourceOf } from './resources.js';
import type { SandboxState } from './state.js';
import { getSubmission } from './submissions/get-submission.js';
import { submitConversion } from './submit-conversion.js';

export interface ImpactApiDeps {
  accountSid: string;
  authToken: string;
  state: SandboxState;
}

export type Operation = (request: ImpactRequest, deps: ImpactApiDeps) => AnyAnswer;

const routes: { resource: RegExp; operations: Partial<Record<string, Operation>> }[] = [
  { resource: /^\/Advertisers\/[^/]+\/Conversions$/, operations: { POST: submitConversion } },
  // Impact lists submissions here and "does not recommend using this endpoint": the sandbox does not, so that nobody does.
  { resource: /^\/Advertisers\/[^/]+\/APISubmissions$/, operations: {} },
  { resource: /^\/Advertisers\/[^/]+\/APISubmissions\/[^/]+$/, operations: { GET: getSubmission } },
  {
    resource: /^\/Advertisers\/[^/]+\/Actions$/,
    operations: { GET: listActions, PUT: updateAction, DELETE: reverseAction },
  },
  { resource: /^\/Advertisers\/[^/]+\/Actions\/[^/]+$/, operations: { GET: getAction } },
];

/** Statuses and messages: https://integrations.impact.com/impact-brand/reference/status-codes */
export function createImpactApi(deps: ImpactApiDeps): (request: ImpactRequest) => AnyAnswer {
  const rateLimits = createRateLimits(deps.state);
  return (request) => {
    if (!isAuthenticated(request, deps)) return refused(401, 'No valid API key provided');
    const route = routes.find(({ resource }) => resource.test(request.resource));
    if (!route) return notFound();
    if (!request.resource.startsWith(`/Advertisers/${deps.accountSid}/`))
      return refused(403, "API key used doesn't have permissions to perform the request");

    const { exceeded, headers } = rateLimits.take(resourceOf(request));
    if (exceeded) return { ...refused(429, 'Too many requests hit the API too quickly'), headers };
    const answer = route.operations[methodOf(request)]?.(request, deps);
    return { ...(answer ?? refused(405, 'Method used in the call is not supported')), headers };
  };
}

// "You can override the actual HTTP method by appending the _method parameter via a POST request. Valid values are PUT
// and DELETE.": https://integrations.impact.com/impact-brand/reference/requests
function methodOf({ method, fields, query }: ImpactRequest): string {
  const override = fields.get('_method') ?? query.get('_method') ?? '';
  return method === 'POST' && /^(PUT|DELETE)$/.test(override) ? override : method;
}

// HTTP basic, AccountSID:AuthToken: https://integrations.impact.com/brand-api-reference/readme/authentication
function isAuthenticated(
  { authorization }: ImpactRequest,
  { accountSid, authToken }: ImpactApiDeps,
): boolean {
  const credentials = /^basic +(.+)$/i.exec(authorization ?? '')?.[1] ?? '';
  return Buffer.from(credentials, 'base64').toString() === `${accountSid}:${authToken}`;
}
