import { type Answer, type ErrorShape, refused } from './answers.js';
import type { ImpactRequest } from './read-request.js';
import type { Received } from './received.js';
import { submitConversion } from './submit-conversion.js';

export interface ImpactApiDeps {
  accountSid: string;
  authToken: string;
  settings: { errorShape: ErrorShape };
  received: Received;
}

export type Operation = (request: ImpactRequest, deps: ImpactApiDeps) => Answer;

const routes: { resource: RegExp; operations: Partial<Record<string, Operation>> }[] = [
  { resource: /^\/Advertisers\/[^/]+\/Conversions$/, operations: { POST: submitConversion } },
];

/** Statuses and messages: https://integrations.impact.com/impact-brand/reference/status-codes */
export function createImpactApi(deps: ImpactApiDeps): (request: ImpactRequest) => Answer {
  return (request) => {
    if (!isAuthenticated(request, deps)) return refused(401, 'No valid API key provided');
    const route = routes.find(({ resource }) => resource.test(request.resource));
    if (!route) return refused(404, "Requested resource doesn't exist");
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
