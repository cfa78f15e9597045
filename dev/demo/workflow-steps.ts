import { type Client, defaultPayloadConverter } from '@temporalio/client';

export interface Step {
  at: Date;
  what: string;
  detail: string;
}

type History = Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['fetchHistory']>>;
type HistoryEvent = NonNullable<History['events']>[number];
type Payloads = Parameters<typeof defaultPayloadConverter.fromPayload>[0][] | null | undefined;

/** The last step of every workflow. */
export const COMPLETED = 'completed';

/** The activities of a workflow with what they returned, and its end, from its history in Temporal. */
export async function workflowSteps(temporal: Client, workflowId: string): Promise<Step[]> {
  const { events } = await temporal.workflow.getHandle(workflowId).fetchHistory();
  return (events ?? []).flatMap((event) => {
    const step = describe(event, events ?? []);
    return step ? [{ at: timeOf(event), ...step }] : [];
  });
}

function describe(event: HistoryEvent, events: HistoryEvent[]): Omit<Step, 'at'> | undefined {
  if (event.workflowExecutionStartedEventAttributes)
    return { what: 'started', detail: 'the workflow, in Temporal' };
  const end = event.workflowExecutionCompletedEventAttributes;
  if (end) return { what: COMPLETED, detail: show(end.result?.payloads) };
  const activity = event.activityTaskCompletedEventAttributes;
  if (activity) {
    const { activityTaskScheduledEventAttributes: scheduled } =
      events.find(({ eventId }) => eventId?.equals(activity.scheduledEventId ?? 0)) ?? {};
    return { what: String(scheduled?.activityType?.name), detail: show(activity.result?.payloads) };
  }
  // A local activity leaves a marker: its data names the activity.
  const { data, result } = event.markerRecordedEventAttributes?.details ?? {};
  const { activity_type: name } = (decode(data?.payloads) ?? {}) as { activity_type?: string };
  return name ? { what: name, detail: show(result?.payloads) } : undefined;
}

function show(payloads: Payloads): string {
  return words(decode(payloads) ?? {});
}

/** `status=submitted next=confirm`: a step by its kind, and any other object by its fields. */
function words(result: object): string {
  return Object.entries(result)
    .map(([name, value]) => {
      if (typeof value !== 'object' || value === null) return `${name}=${value}`;
      return 'kind' in value ? `${name}=${value.kind}` : words(value);
    })
    .join(' ');
}

function decode(payloads: Payloads): object | null | undefined {
  const [payload] = payloads ?? [];
  return payload ? defaultPayloadConverter.fromPayload(payload) : undefined;
}

function timeOf({ eventTime }: HistoryEvent): Date {
  return new Date(Number(eventTime?.seconds ?? 0) * 1000 + (eventTime?.nanos ?? 0) / 1e6);
}
