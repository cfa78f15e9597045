import { createServer } from 'node:http';
import { serve } from '../../dev/serve.js';
import type { Conversion } from '../../src/domain/conversion.js';
import { saleOf } from '../support/fixtures.js';

/** Confirmed sales, one every half minute, and Impact's Actions of them. */

export const START = Date.parse('2026-10-01T00:00:00Z');
export const STEP_MS = 30_000;
const PAGE = 5_000;

export function confirmedSaleOf(index: number): Conversion {
  const [orderId, sentAt] = [orderIdOf(index), timeOf(index)];
  const submission = { state: 'queued', orderId, attempts: 1, sentAt } as const;
  return { ...saleOf(orderId, sentAt), status: 'confirmed', submission };
}

/** Makes up the Actions page by page, so that this process does not hold them. */
export function startListing(size: number) {
  const server = createServer((request, response) => {
    const query = new URL(request.url ?? '', 'http://localhost').searchParams;
    const [from, to] = ['ActionDateStart', 'ActionDateEnd'].map((name) => Date.parse(query.get(name) ?? ''));
    const page = Number(query.get('Page') ?? 1);
    const first = Math.max(0, Math.ceil((Number(from) - START) / STEP_MS));
    const end = Math.min(size, Math.floor((Number(to) - START) / STEP_MS) + 1);
    const start = first + (page - 1) * PAGE;
    const stop = Math.min(end, start + PAGE);
    query.set('Page', String(page + 1));
    const Actions = Array.from({ length: Math.max(0, stop - start) }, (_, offset) =>
      actionOf(start + offset),
    );
    const next = stop < end ? `/Advertisers/bench/Actions?${query}` : '';
    response.end(JSON.stringify({ '@nextpageuri': next, Actions }));
  });
  return serve(server);
}

function actionOf(index: number) {
  return {
    Id: `48046.4636.${index}`,
    CampaignId: 48_046,
    ActionTrackerId: 99_999,
    State: 'PENDING',
    Amount: 49,
    Currency: 'USD',
    EventDate: timeOf(index).toISOString(),
    Oid: orderIdOf(index),
    MediaPartnerName: 'Acme Partner',
    ReferringType: 'CLICK_COOKIE',
  };
}

function orderIdOf(index: number): string {
  return `order-${index}`;
}

function timeOf(index: number): Date {
  return new Date(START + index * STEP_MS);
}
