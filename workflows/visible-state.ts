import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { SEARCH_ATTRIBUTES } from '../src/domain/workflow-names.js';
import { parkedDetails } from './current-details.js';
import type { Failure } from './failure.js';

/**
 * Search attributes are only written when a human must do something else than before: on parking and on leaving it.
 * @param parkReason none where it is not parked
 */
export function showParked(parked: boolean, parkReason?: string): void {
  upsertSearchAttributes([
    { key: SEARCH_ATTRIBUTES.conversionStatus, value: parked ? 'Parked' : 'Reporting' },
    { key: SEARCH_ATTRIBUTES.parkReason, value: parked ? (parkReason ?? null) : null },
  ]);
}

/** What the workflow's page says while it is parked. */
export function createParkedPage() {
  let firstAt: Date | undefined;
  return (failure: Failure, timesParked: number): void => {
    const at = new Date();
    firstAt ??= at;
    setCurrentDetails(parkedDetails(failure, { at, firstAt, timesParked }, workflowInfo()));
  };
}
