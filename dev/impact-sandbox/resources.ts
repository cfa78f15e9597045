import type { ImpactRequest } from './read-request.js';
import type { SandboxState } from './state.js';

export const resources = ['Conversions', 'APISubmissions', 'Actions'] as const;
export type Resource = (typeof resources)[number];

/** Any other path is what a client took for Conversions. */
export function resourceOf({ resource }: ImpactRequest): Resource {
  const name = /^\/Advertisers\/[^/]+\/([^/]+)/.exec(resource)?.[1];
  return resources.find((candidate) => candidate === name) ?? 'Conversions';
}

/** The order a request is about, also where it names only a submission or an action. */
export function orderOf(
  request: ImpactRequest,
  { submissions, actions, clock }: SandboxState,
): string | undefined {
  const { id, fields, orderId } = request;
  return (
    orderId ??
    submissions.find(id, clock.now())?.orderId ??
    actions.find(fields.get('ActionId') ?? id)?.orderId
  );
}
