import { createServer, type RequestListener } from 'node:http';
import { onTestFinished } from 'vitest';
import { serve } from '../../dev/serve.js';
import type { ConversionReport } from '../../src/domain/decide.js';
import { createImpactClient, type ImpactClient } from '../../src/impact/client.js';

export const CREDENTIALS = { accountSid: 'IRtest', authToken: 'impact-secret' };

export const SIGNUP: ConversionReport = {
  campaignId: 48046,
  actionTrackerId: 68897,
  clickId: '3t6RuJ',
  orderId: 'signup-665f1c',
  eventDate: new Date('2026-11-23T10:00:00.000Z'),
  customerId: '665f1c',
  customerStatus: 'New',
};

export function clientOf(
  baseUrl: string,
  {
    timeoutMs = 2_000,
    credentials = CREDENTIALS,
  }: { timeoutMs?: number; credentials?: typeof CREDENTIALS } = {},
): ImpactClient {
  const client = createImpactClient({ baseUrl, credentials, timeoutMs });
  if (!client) throw new Error('the client is not configured');
  return client;
}

/** A server in Impact's place, for answers that the sandbox does not give. */
export async function serverThat(answers: RequestListener): Promise<string> {
  const { url, stop } = await serve(createServer(answers));
  onTestFinished(stop);
  return url;
}

/** The client's result for this answer: the receipt, or the error. */
export async function outcomeOf(
  status: number,
  body = '',
  headers: Record<string, string> = {},
): Promise<unknown> {
  const url = await serverThat((_request, response) => response.writeHead(status, headers).end(body));
  return clientOf(url)
    .submitConversion(SIGNUP)
    .catch((error: unknown) => error);
}
