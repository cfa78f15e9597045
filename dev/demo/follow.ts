import { setTimeout as delay } from 'node:timers/promises';
import { type Client, defaultPayloadConverter } from '@temporalio/client';
import type { DemoClient } from './client.js';

const PATIENCE_MS = 30_000;
/** The last step of every workflow. */
const COMPLETED = 'completed';
const SETTLED = ['skipped', 'abandoned'];
/** The last step before a parked workflow waits. */
const PARKED = 'recordStep';

interface FollowOptions {
  /** A run that was followed before: the next one is followed. */
  after?: string;
  /** How many steps of the run were printed before. */
  printed?: number;
}

/** Prints each step of a conversion's workflow as it happens, until it is parked or has no further step. */
export async function follow(client: DemoClient, conversionId: string, options: FollowOptions = {}) {
  const { after } = options;
  const deadline = Date.now() + PATIENCE_MS;
  let { printed = 0 } = options;
  for (;;) {
    const conversion = await client.conversion(conversionId);
    // A workflow that has not been started yet has no steps.
    const run = await latestRun(client, conversion.workflowId).catch(() => after);
    const steps: Step[] = run === after ? [] : await workflowSteps(client.temporal, conversion.workflowId);
    for (const { at, what, detail } of steps.slice(printed))
      print(at.toISOString().slice(11, 23), what, detail);
    printed = steps.length;
    const last = steps.at(-1)?.what;
    const isSettled =
      last === undefined
        ? SETTLED.includes(conversion.status)
        : conversion.status === 'parked' && last === PARKED;
    if (isSettled || last === COMPLETED) return { ...(await client.conversion(conversionId)), printed };
    if (Date.now() > deadline) throw new Error(`${conversionId} is still ${conversion.status} after 30 s`);
    await delay(100);
  }
}

export async function untilStatusIsNot(client: DemoClient, conversionId: string, status: string) {
  const deadline = Date.now() + PATIENCE_MS;
  while ((await client.conversion(conversionId)).status === status) {
    if (Date.now() > deadline) throw new Error(`${conversionId} is still ${status} after 30 s`);
    await delay(50);
  }
}

function print(time: string, what: string, detail: string): void {
  console.log(`   ${time.padEnd(12)}  ${what.padEnd(19)} ${detail}`);
}

export function note(what: string, detail: string): void {
  print('', what, detail);
}

/** The page of the workflow's latest run. */
export async function temporalUiLink(client: DemoClient, workflowId: string): Promise<string> {
  const run = await latestRun(client, workflowId);
  return `${client.urls.temporalUiUrl}/namespaces/default/workflows/${encodeURIComponent(workflowId)}/${run}/history`;
}

export async function latestRun(client: DemoClient, workflowId: string): Promise<string> {
  return (await client.temporal.workflow.getHandle(workflowId).describe()).runId;
}

interface Step {
  at: Date;
  what: string;
  detail: string;
}

type History = Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['fetchHistory']>>;
type HistoryEvent = NonNullable<History['events']>[number];
type Payloads = Parameters<typeof defaultPayloadConverter.fromPayload>[0][] | null | undefined;

/** The activities of a workflow with what they returned, and its end, from its history in Temporal. */
async function workflowSteps(temporal: Client, workflowId: string): Promise<Step[]> {
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
  const signal = event.workflowExecutionSignaledEventAttributes;
  if (signal) return { what: 'signalled', detail: String(signal.signalName) };
  const { activityTaskCompletedEventAttributes: done, activityTaskFailedEventAttributes: failed } = event;
  const activity = done ?? failed;
  if (activity) {
    const { activityTaskScheduledEventAttributes: scheduled } =
      events.find(({ eventId }) => eventId?.equals(activity.scheduledEventId ?? 0)) ?? {};
    const detail = failed ? `failed: ${failed.failure?.message}` : show(done?.result?.payloads);
    return { what: String(scheduled?.activityType?.name), detail };
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
