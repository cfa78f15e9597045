import type { History } from './history-of-signup.js';

/**
 * How many Actions Temporal Cloud bills for the history of one run. Queries and heartbeats leave no event, and the
 * product's ordinary paths have none.
 * https://docs.temporal.io/cloud/actions
 */
export function countActions({ events }: Pick<History, 'events'>): number {
  const tasksWithMarkers = new Set<string>();
  let actions = 0;
  for (const [index, event] of (events ?? []).entries()) {
    // All markers of one workflow task count one together. Each local activity has one.
    const marker = event.markerRecordedEventAttributes;
    if (marker) tasksWithMarkers.add(String(marker.workflowTaskCompletedEventId));
    // The first attempt counts when it is scheduled. The history has only the last one, with its number.
    actions += Math.max((event.activityTaskStartedEventAttributes?.attempt ?? 1) - 1, 0);
    const metering = event.workflowTaskCompletedEventAttributes?.meteringMetadata;
    actions += metering?.nonfirstLocalActivityExecutionAttempts ?? 0;
    // A signal that starts the workflow is its second event, and counts one together with the start.
    const isSignal = index > 1 && event.workflowExecutionSignaledEventAttributes;
    const isAction =
      event.workflowExecutionStartedEventAttributes ??
      event.activityTaskScheduledEventAttributes ??
      event.timerStartedEventAttributes ??
      event.upsertWorkflowSearchAttributesEventAttributes;
    if (isAction || isSignal) actions += 1;
  }
  return actions + tasksWithMarkers.size;
}
