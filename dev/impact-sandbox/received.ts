import type { Answer } from './answers.js';
import type { Fault } from './faults.js';
import { createOrderIndex } from './order-index.js';
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
  const requests = createOrderIndex<ReceivedRequest>();
  const conversions = createOrderIndex<ReceivedConversion>();
  return {
    requests: requests.of,
    conversions: conversions.of,

    addRequest(request: ImpactRequest, fault: Fault['kind'] | undefined): ReceivedRequest {
      const { method, path, orderId } = request;
      const entry = { ...origin(request), method, path, orderId, fault, accepted: false };
      requests.add(entry);
      return entry;
    },

    addConversion(request: ImpactRequest, submissionId: string, answer: Answer): ReceivedConversion {
      const fields = Object.fromEntries(request.fields);
      const orderId = request.orderId ?? '';
      const earlier = conversions.of(orderId).find((candidate) => isSameOrder(candidate.fields, fields));
      const duplicateOf = earlier?.submissionId;
      const entry = { submissionId, ...origin(request), orderId, fields, answer, duplicateOf };
      conversions.add(entry);
      return entry;
    },

    clear(orderId?: string): void {
      requests.clear(orderId);
      conversions.clear(orderId);
    },
  };
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
