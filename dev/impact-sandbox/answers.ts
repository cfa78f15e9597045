import type { Response } from 'express';
import type { Settings } from './state.js';

export interface FieldError {
  field: string;
  message: string;
}

/** Always JSON. Impact's default is XML; this service asks for JSON. */
export interface Answer {
  status: number;
  body: Record<string, unknown>;
}

// https://integrations.impact.com/impact-brand/reference/responses
export function queued(accountSid: string, batchId: string): Answer {
  return { status: 200, body: { Status: 'QUEUED', QueuedUri: submissionUri(accountSid, batchId) } };
}

export function submissionUri(accountSid: string, batchId: string): string {
  return `/Advertisers/${accountSid}/APISubmissions/${batchId}`;
}

// `Errors` is optional: https://integrations.impact.com/impact-agency/reference/errors
export function refused(status: number, message: string): Answer {
  return { status, body: { Status: 'ERROR', Message: message } };
}

/** 'general' as in …/impact-agency/reference/errors, 'v14' as in the 400 of the v14 Conversions OpenAPI. */
export function invalid(errors: FieldError[], { errorShape }: Settings): Answer {
  if (errorShape === 'v14') {
    const v14 = errors.map(({ field, message }) => ({ field, level: 'ERROR', message }));
    return { status: 400, body: { Status: 'ERROR', errors: v14 } };
  }
  const general = errors.map(({ field, message }) => ({ Field: field, Message: message }));
  return { status: 400, body: { Status: 'ERROR', Message: 'Validation Failed', Errors: general } };
}

export function sendAnswer(res: Response, { status, body }: Answer): void {
  res.status(status).json(body);
}
