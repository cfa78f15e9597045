import { STATUS_CODES } from 'node:http';
import type { Request, Response } from 'express';
import { refused, sendAnswer } from './answers.js';
import type { Fault } from './faults.js';

export function sendFault(req: Request, res: Response, fault: Exclude<Fault, { kind: 'delay' }>): void {
  switch (fault.kind) {
    case 'hang':
      return;
    case 'reset':
      req.socket.resetAndDestroy();
      return;
    case 'garbage':
      res.status(fault.status).set('content-type', fault.contentType).end(fault.body);
      return;
    case 'rate-limit':
      res.set(fault.headers);
      // https://integrations.impact.com/impact-brand/reference/status-codes
      sendAnswer(req, res, refused(429, 'Too many requests hit the API too quickly'));
      return;
    case 'status':
      res.set(fault.headers);
      if (fault.body === undefined)
        sendAnswer(req, res, refused(fault.status, STATUS_CODES[fault.status] ?? 'Error'));
      else res.status(fault.status).send(fault.body);
  }
}
