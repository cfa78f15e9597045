import { DomainError } from '../domain/errors.js';
import { SEARCH_ATTRIBUTES } from '../domain/workflow-names.js';

export interface ParkedFilter {
  /** Why it was parked, such as `impact_refused`. */
  reason?: string;
  /** The campaign event, such as `signup`. */
  event?: string;
}

const { conversionStatus, parkReason, campaignEvent } = SEARCH_ATTRIBUTES;

/** Codes and event ids hold nothing else, and a query is no place for what does. */
const WORD = /^\w{1,64}$/;

/**
 * The list filter of what waits for a human, conversions and their refunds alike. A workflow that was terminated
 * keeps its search attributes, and waits for nobody.
 * @throws DomainError `invalid_request`
 */
export function parkedQuery({ reason, event }: ParkedFilter): string {
  return [
    `${conversionStatus.name} = "Parked"`,
    'ExecutionStatus = "Running"',
    ...(reason === undefined ? [] : [`${parkReason.name} = "${word('reason', reason)}"`]),
    ...(event === undefined ? [] : [`${campaignEvent.name} = "${word('event', event)}"`]),
  ].join(' AND ');
}

function word(field: string, value: string): string {
  if (WORD.test(value)) return value;
  const message = `A ${field} is letters, digits and underscores, such as ${field === 'event' ? 'signup' : 'impact_refused'}.`;
  throw new DomainError('invalid_request', message, { fields: [{ field, message }] });
}
