import type { Request, Response } from 'express';
import { XMLBuilder } from 'fast-xml-parser';

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
  body: ImpactBody;
}

// https://integrations.impact.com/impact-brand/reference/responses
export function queued(accountSid: string, submissionId: string): Answer {
  const uri = `/Advertisers/${accountSid}/APISubmissions/${submissionId}`;
  return { status: 200, body: { Status: 'QUEUED', QueuedUri: uri } };
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
export function sendAnswer(req: Request, res: Response, { status, body }: Answer): void {
  const wantsJson = req.path.endsWith('.json') || req.accepts(['xml', 'json']) === 'json';
  res.status(status);
  if (wantsJson) res.json(body);
  else res.type('application/xml').send(toXml(body));
}

function toXml(body: ImpactBody): string {
  // A list is wrapped as documented: <Errors><Error>…</Error></Errors>.
  const elements = Object.entries(body).map(([name, value]) =>
    Array.isArray(value) ? [name, { [name.replace(/s$/, '')]: value }] : [name, value],
  );
  return new XMLBuilder().build({ ImpactRadiusResponse: Object.fromEntries(elements) });
}
