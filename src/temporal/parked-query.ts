import type { Client } from '@temporalio/client';
import { DomainError } from '../domain/errors.js';
import { SEARCH_ATTRIBUTES } from '../domain/workflow-names.js';
import { askTemporal } from './ask-temporal.js';

export interface ParkedFilter {
  /** Why it was parked, such as `impact_refused`. */
  reason?: string | undefined;
  /** The campaign event, such as `signup`. */
  event?: string | undefined;
}

const { conversionStatus, parkReason, campaignEvent } = SEARCH_ATTRIBUTES;

/** Codes and event ids hold nothing else; any other text could change the query. */
export const WORD = /^\w{1,64}$/;

/**
 * The list filter for parked workflows. A terminated workflow keeps its search attributes, and does not wait any more.
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

/** @throws DomainError `invalid_request`, `temporal_unavailable` */
export async function countParked(temporal: Client, filter: ParkedFilter = {}): Promise<number> {
  const query = parkedQuery(filter);
  return (await askTemporal(temporal, () => temporal.workflow.count(query))).count;
}
