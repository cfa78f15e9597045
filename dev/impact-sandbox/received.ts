import type { Answer } from './answers.js';
import type { Fault } from './faults.js';
import type { ImpactRequest } from './read-request.js';

export interface ReceivedRequest {
  receivedAt: string;
  method: string;
  path: string;
  orderId: string | undefined;
  contentType: string | undefined;
  headers: ImpactRequest['headers'];
  /** What was answered; absent when nothing was. */
  status?: number;
  fault?: Fault['kind'] | undefined;
  accepted: boolean;
}

export interface ReceivedConversion {
  submissionId: string;
  receivedAt: string;
  orderId: string;
  fields: Record<string, string>;
  contentType: string | undefined;
  headers: ImpactRequest['headers'];
  /** The answer given, or the one a fault then lost. */
  answer: Answer;
  /** The submission id of the first conversion with this event type and order. */
  duplicateOf?: string | undefined;
}

export type Received = ReturnType<typeof createReceived>;

export function createReceived() {
  let requests: ReceivedRequest[] = [];
  let conversions: ReceivedConversion[] = [];
  return {
    requests: (orderId?: string) => requests.filter(isOf(orderId)),
    conversions: (orderId?: string) => conversions.filter(isOf(orderId)),

    addRequest(request: ImpactRequest, fault: Fault['kind'] | undefined): ReceivedRequest {
      const { method, path, orderId } = request;
      const entry = { ...origin(request), method, path, orderId, fault, accepted: false };
      requests.push(entry);
      return entry;
    },

    addConversion(request: ImpactRequest, submissionId: string, answer: Answer): void {
      const fields = Object.fromEntries(request.fields);
      const orderId = request.orderId ?? '';
      const duplicateOf = conversions.find((earlier) => isSameOrder(earlier.fields, fields))?.submissionId;
      conversions.push({ submissionId, ...origin(request), orderId, fields, answer, duplicateOf });
    },

    clear(orderId?: string): void {
      const stays = (entry: { orderId: string | undefined }) => !isOf(orderId)(entry);
      requests = requests.filter(stays);
      conversions = conversions.filter(stays);
    },
  };
}

function isOf(orderId: string | undefined) {
  return (entry: { orderId: string | undefined }) => orderId === undefined || entry.orderId === orderId;
}

function origin({ headers }: ImpactRequest) {
  return { receivedAt: new Date().toISOString(), contentType: headers['content-type'], headers };
}

// "An OrderId value only needs to be unique to the action tracker": https://integrations.impact.com/impact-brand/docs/order-level-data
// Impact looks back over a window of undocumented length; here it is as long as the sandbox lives.
function isSameOrder(a: Record<string, string>, b: Record<string, string>): boolean {
  const trackerOf = (fields: Record<string, string>) => fields.ActionTrackerId || fields.EventTypeCode;
  return a.OrderId === b.OrderId && trackerOf(a) === trackerOf(b);
}
