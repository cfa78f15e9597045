import type { Client } from '@temporalio/client';
import { askTemporal } from './ask-temporal.js';
import { type ParkedFilter, parkedQuery } from './parked-query.js';

/** @throws DomainError `invalid_request`, `temporal_unavailable` */
export async function countParked(temporal: Client, filter: ParkedFilter = {}): Promise<number> {
  const query = parkedQuery(filter);
  return (await askTemporal(temporal, () => temporal.workflow.count(query))).count;
}
