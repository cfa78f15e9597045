import type { IncomingHttpHeaders } from 'node:http';
import { type Answer, queued } from './answers.js';
import type { Fault } from './faults.js';
import type { TakenSubmission } from './submissions.js';

export interface ReceivedRequest {
  receivedAt: string;
  method: string;
  url: string;
  orderId: string | undefined;
  /** Without the credentials. */
  headers: IncomingHttpHeaders;
  /** The status of the answer; absent if there was none. */
  status?: number;
  fault?: Fault['kind'] | undefined;
}

/** A conversion that the sandbox has accepted. */
export interface ReceivedConversion {
  submissionId: string;
  orderId: string;
  fields: TakenSubmission['fields'];
  /** The answer, also if a fault then lost it. */
  answer: Answer;
}

export function receivedConversion(taken: TakenSubmission, accountSid: string): ReceivedConversion {
  const { batchId, orderId, fields } = taken;
  return { submissionId: batchId, orderId, fields, answer: queued(accountSid, batchId) };
}

/** The entries of one order, or all. */
export function ofOrder<Entry extends { orderId: string | undefined }>(entries: Entry[], orderId?: string) {
  return entries.filter((entry) => orderId === undefined || entry.orderId === orderId);
}
