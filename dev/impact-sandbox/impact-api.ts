import { type Answer, notFound, type ResourceAnswer, refused } from './answers.js';
import type { ImpactRequest } from './read-request.js';
import type { SandboxState } from './state.js';
import { getSubmission } from './submissions/get-submission.js';
import { submitConversion } from './submit-conversion.js';

export interface ImpactApiDeps {
  accountSid: string;
  authToken: string;
  state: SandboxState;
}

type AnyAnswer = Answer | ResourceAnswer;
export type Operation = (request: ImpactRequest, deps: ImpactApiDeps) => AnyAnswer;

const routes: { resource: RegExp; operations: Partial<Record<string, Operation>> }[] = [
  { resource: /^\/Advertisers\/[^/]+\/Conversions$/, operations: { POST: submitConversion } },
  // Impact lists submissions here and "does not recommend using this endpoint": the sandbox does not, so that nobody does.
  { resource: /^\/Advertisers\/[^/]+\/APISubmissions$/, operations: {} },
  { resource: /^\/Advertisers\/[^/]+\/APISubmissions\/[^/]+$/, operations: { GET: getSubmission } },
];

/** Statuses and messages: https://integrations.impact.com/impact-brand/reference/status-codes */
export function createImpactApi(deps: ImpactApiDeps): (request: ImpactRequest) => AnyAnswer {
  return (request) => {
    if (!isAuthenticated(request, deps)) return refused(401, 'No valid API key provided');
    const route = routes.find(({ resource }) => resource.test(request.resource));
    if (!route) return notFound();
    if (!request.resource.startsWith(`/Advertisers/${deps.accountSid}/`))
      return refused(403, "API key used doesn't have permissions to perform the request");
    const operation = route.operations[request.method];
    return operation?.(request, deps) ?? refused(405, 'Method used in the call is not supported');
  };
}

// HTTP basic, AccountSID:AuthToken: https://integrations.impact.com/brand-api-reference/readme/authentication
function isAuthenticated(
  { authorization }: ImpactRequest,
  { accountSid, authToken }: ImpactApiDeps,
): boolean {
  const credentials = /^basic +(.+)$/i.exec(authorization ?? '')?.[1] ?? '';
  return Buffer.from(credentials, 'base64').toString() === `${accountSid}:${authToken}`;
}
