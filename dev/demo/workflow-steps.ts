import { type Client, defaultPayloadConverter } from '@temporalio/client';

export interface Step {
  at: Date;
  what: string;
  detail: string;
}

type History = Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['fetchHistory']>>;
type HistoryEvent = NonNullable<History['events']>[number];
type Payloads = Parameters<typeof defaultPayloadConverter.fromPayload>[0][] | null | undefined;

/** What a workflow's history in Temporal says, in the words of the business. */
export async function workflowSteps(temporal: Client, workflowId: string): Promise<Step[]> {
  const { events } = await temporal.workflow.getHandle(workflowId).fetchHistory();
  return (events ?? []).flatMap((event) => {
    const step = describe(event);
    return step ? [{ at: timeOf(event), ...step }] : [];
  });
}

function describe(event: HistoryEvent): Omit<Step, 'at'> | undefined {
  if (event.workflowExecutionStartedEventAttributes)
    return { what: 'workflow', detail: 'started in Temporal' };
  if (event.markerRecordedEventAttributes)
    return describeLocalActivity(event.markerRecordedEventAttributes.details);
  if (event.activityTaskCompletedEventAttributes) {
    return describeActivity(
      decode(event.activityTaskCompletedEventAttributes.result?.payloads) as ActivityResult,
    );
  }
  if (event.workflowExecutionCompletedEventAttributes) {
    const state = decode(event.workflowExecutionCompletedEventAttributes.result?.payloads) as State;
    return {
      what: 'workflow',
      detail: `Completed: ${state.status}${state.reason ? `, ${state.reason}` : ''}`,
    };
  }
  return undefined;
}

/** Of reportConversion, of confirmSubmission and confirmAdjustment, or of sendAdjustment. */
type ActivityResult =
  | { outcome: string; queuedUri?: string }
  | { state: string; detail?: string }
  | { queuedUri?: string };

function describeActivity(result: ActivityResult): Omit<Step, 'at'> {
  if ('outcome' in result)
    return { what: 'POSTed', detail: `the sandbox answered QUEUED, ${result.queuedUri}` };
  if ('state' in result) return { what: 'asked', detail: `${result.state}. ${result.detail ?? ''}` };
  return { what: 'DELETEd', detail: `the sandbox answered QUEUED, ${result.queuedUri}` };
}

interface State {
  status: string;
  reason?: string;
}

/** Local activities leave a marker: its data names the activity, its result is what the activity returned. */
function describeLocalActivity(details: Record<string, { payloads?: Payloads }> | null | undefined) {
  const { activity_type: type } = decode(details?.data?.payloads) as { activity_type: string };
  const result = decode(details?.result?.payloads);
  if (type === 'loadAttribution') {
    return {
      what: 'captured',
      detail: `the click of ${(result as { capturedAt: string }).capturedAt}, from the ledger`,
    };
  }
  if (type !== 'checkReferralWindow') return undefined;
  const { inside, detail } = result as { inside: boolean; detail: string };
  return { what: 'window', detail: `${inside ? 'inside' : 'outside'}. ${detail}` };
}

function decode(payloads: Payloads): unknown {
  const [payload] = payloads ?? [];
  return payload ? defaultPayloadConverter.fromPayload(payload) : undefined;
}

function timeOf({ eventTime }: HistoryEvent): Date {
  return new Date(Number(eventTime?.seconds ?? 0) * 1000 + (eventTime?.nanos ?? 0) / 1e6);
}
