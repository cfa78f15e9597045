import { type Client, defaultPayloadConverter } from '@temporalio/client';

export interface Step {
  at: Date;
  what: string;
  detail: string;
}

type History = Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['fetchHistory']>>;
type HistoryEvent = NonNullable<History['events']>[number];
type Payloads = Parameters<typeof defaultPayloadConverter.fromPayload>[0][] | null | undefined;
type Description = [what: string, detail: string] | undefined;

/** A workflow's history in Temporal, in the words of the business. */
export async function workflowSteps(temporal: Client, workflowId: string): Promise<Step[]> {
  const { events } = await temporal.workflow.getHandle(workflowId).fetchHistory();
  return (events ?? []).flatMap((event) => {
    const [what, detail] = describe(event) ?? [];
    return what && detail ? [{ at: timeOf(event), what, detail }] : [];
  });
}

function describe(event: HistoryEvent): Description {
  if (event.workflowExecutionStartedEventAttributes) return ['workflow', 'started in Temporal'];
  const { markerRecordedEventAttributes: marker, activityTaskCompletedEventAttributes: activity } = event;
  if (marker) return describeLocalActivity(marker.details ?? {});
  if (activity) return describeActivity(decode(activity.result?.payloads));
  if (!event.workflowExecutionCompletedEventAttributes) return undefined;
  const result = decode<State>(event.workflowExecutionCompletedEventAttributes.result?.payloads);
  return ['workflow', `Completed: ${result.status}${result.reason ? `, ${result.reason}` : ''}`];
}

interface State {
  status: string;
  reason?: string;
}

/** What reportConversion, confirmSubmission and confirmAdjustment, or sendAdjustment returned. */
type ActivityResult =
  | { outcome: string; queuedUri?: string }
  | { state: string; detail?: string }
  | { queuedUri?: string };

function describeActivity(result: ActivityResult): Description {
  if ('outcome' in result) return ['POSTed', `the sandbox answered QUEUED, ${result.queuedUri}`];
  if ('state' in result) return ['asked', `${result.state}. ${result.detail ?? ''}`];
  return ['DELETEd', `the sandbox answered QUEUED, ${result.queuedUri}`];
}

/** A local activity leaves a marker: its data names the activity, its result is what the activity returned. */
function describeLocalActivity(details: Record<string, { payloads?: Payloads }>): Description {
  const { activity_type: type } = decode<{ activity_type: string }>(details.data?.payloads);
  if (type === 'loadAttribution') {
    const { capturedAt } = decode<{ capturedAt: string }>(details.result?.payloads);
    return ['captured', `the click of ${capturedAt}, from the ledger`];
  }
  if (type !== 'checkReferralWindow') return undefined;
  const { inside, detail } = decode<{ inside: boolean; detail: string }>(details.result?.payloads);
  return ['window', `${inside ? 'inside' : 'outside'}. ${detail}`];
}

function decode<T>(payloads: Payloads): T {
  const [payload] = payloads ?? [];
  return (payload ? defaultPayloadConverter.fromPayload(payload) : undefined) as T;
}

function timeOf({ eventTime }: HistoryEvent): Date {
  return new Date(Number(eventTime?.seconds ?? 0) * 1000 + (eventTime?.nanos ?? 0) / 1e6);
}
