import type { Request, Response } from 'express';
import { resourceToXml, statusToXml } from './xml.js';

export interface FieldError {
  field: string;
  message: string;
}

/** Impact documents two shapes of a validation error, and not which one comes back. */
export type ErrorShape = 'general' | 'v14';

export type ImpactBody =
  | { Status: 'QUEUED'; QueuedUri: string }
  | { Status: 'ERROR'; Message: string; Errors?: { Field: string; Message: string }[] }
  | { Status: 'ERROR'; errors: { field: string; level: 'ERROR'; message: string }[] };

export interface Answer {
  status: number;
  headers?: Record<string, string>;
  body: ImpactBody;
}

/** What a GET answers: the representation of something, and the name of its element in XML. */
export interface ResourceAnswer {
  status: 200;
  headers?: Record<string, string>;
  element: string;
  body: Record<string, unknown>;
}

export type AnyAnswer = Answer | ResourceAnswer;

// https://integrations.impact.com/impact-brand/reference/responses
export function queued(accountSid: string, submissionId: string): Answer {
  return { status: 200, body: { Status: 'QUEUED', QueuedUri: submissionUri(accountSid, submissionId) } };
}

export function submissionUri(accountSid: string, submissionId: string): string {
  return `/Advertisers/${accountSid}/APISubmissions/${submissionId}`;
}

/** "GET requests contain a full representation of the resource requested." [responses] */
export function resource(element: string, body: Record<string, unknown>): ResourceAnswer {
  return { status: 200, element, body };
}

/** A page of things under the plural of their element. */
export function list(element: string, links: Record<string, string>, entries: unknown[]): ResourceAnswer {
  return resource(element, { ...links, [element]: entries });
}

export function notFound(): Answer {
  return refused(404, "Requested resource doesn't exist");
}

// `Errors` is optional: https://integrations.impact.com/impact-agency/reference/errors
export function refused(status: number, message: string): Answer {
  return { status, body: { Status: 'ERROR', Message: message } };
}

/** 'general' as in …/impact-agency/reference/errors, 'v14' as in the 400 of the v14 Conversions OpenAPI. */
export function invalid(errors: FieldError[], shape: ErrorShape): Answer {
  const body: ImpactBody =
    shape === 'v14'
      ? { Status: 'ERROR', errors: errors.map(({ field, message }) => ({ field, level: 'ERROR', message })) }
      : {
          Status: 'ERROR',
          Message: 'Validation Failed',
          Errors: errors.map(({ field, message }) => ({ Field: field, Message: message })),
        };
  return { status: 400, body };
}

/** "The default format is XML. To get a JSON response add a .json extension … or set the Accept header." [responses] */
export function sendAnswer(req: Request, res: Response, answer: AnyAnswer): void {
  const wantsJson = req.path.endsWith('.json') || req.accepts(['xml', 'json']) === 'json';
  res.status(answer.status).set(answer.headers ?? {});
  if (wantsJson) res.json(answer.body);
  else res.type('application/xml').send('element' in answer ? resourceToXml(answer) : statusToXml(answer));
}
