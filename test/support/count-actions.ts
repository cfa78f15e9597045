import type { History } from './history-of-signup.js';

/** Local activities write a marker; other markers, such as those of `patched`, are free. */
const LOCAL_ACTIVITY = 'core_local_activity';

/**
 * How many Actions Temporal Cloud bills for a history: the start, each attempt of an activity, each timer, each signal and
 * each upsert of search attributes count one; the local activities of one workflow task count one together.
 * https://docs.temporal.io/cloud/actions
 */
export function countActions({ events }: History): number {
  const tasksWithLocalActivities = new Set<string>();
  let actions = 0;
  for (const event of events ?? []) {
    const marker = event.markerRecordedEventAttributes;
    if (marker?.markerName === LOCAL_ACTIVITY)
      tasksWithLocalActivities.add(String(marker.workflowTaskCompletedEventId));
    // The history has only the last attempt of an activity, with its number.
    actions += event.activityTaskStartedEventAttributes?.attempt ?? 0;
    const isAction =
      event.workflowExecutionStartedEventAttributes ??
      event.timerStartedEventAttributes ??
      event.workflowExecutionSignaledEventAttributes ??
      event.upsertWorkflowSearchAttributesEventAttributes;
    if (isAction) actions += 1;
  }
  return actions + tasksWithLocalActivities.size;
}
