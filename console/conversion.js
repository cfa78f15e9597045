import { get } from './api.js';
import { findingItem } from './audit.js';
import { facts, h, table } from './dom.js';
import { address, duration, inWords, sentence, statusBadge, time } from './format.js';
import { windowBar } from './window-bar.js';

/** @typedef {import('./types.js').Conversion} Conversion */

/**
 * @param {string} id
 * @returns {Promise<Conversion>}
 */
export function readConversion(id) {
  return get(`/v1/conversions/${encodeURIComponent(id)}`);
}

/** @param {import('./main.js').Query} query */
export async function conversionView({ conversion = '' }) {
  return [conversionArticle(await readConversion(conversion), { level: 1 })];
}

/**
 * From the answer to the evidence: the outcome, the click, the window, what Impact got and answered, each step.
 * @param {Conversion} conversion
 * @param {{ clickId?: string | undefined, level: 1 | 2 }} options `clickId`: the click that was searched for
 */
export function conversionArticle(conversion, { clickId, level }) {
  const {
    conversionId,
    campaignEventId,
    status,
    reason,
    occurredAt,
    explanation,
    findings = [],
  } = conversion;
  const order = conversion.submission?.orderId ?? orderOf(conversion);
  return h(
    'article',
    { class: 'conversion' },
    h(
      `h${level}`,
      {},
      `${inWords(campaignEventId)} `,
      order && h('span', { class: 'id' }, order),
      ' ',
      statusBadge(status, reason),
    ),
    otherClick(conversion, clickId),
    h('p', { class: 'outcome' }, explanation.outcome),
    explanation.advice && h('p', { class: 'advice' }, explanation.advice),
    findings.map(findingItem),
    clickText(conversion),
    windowText(conversion),
    facts([
      ['Happened', time(occurredAt)],
      ['Amount', amountOf(conversion)],
      [
        'User',
        conversion.clerkId && h('a', { href: address({ user: conversion.clerkId }) }, conversion.clerkId),
      ],
      ['Conversion', h('a', { href: address({ conversion: conversionId }) }, conversionId)],
      ['For engineers', `${explanation.code}, workflow ${conversion.workflowId}`],
    ]),
    adjustments(conversion),
    timeline(conversion),
    sentAndAnswered(conversion),
  );
}

/** @param {Conversion} conversion */
function orderOf({ payload }) {
  return typeof payload.orderId === 'string' ? payload.orderId : undefined;
}

/** @param {Conversion} conversion */
function amountOf({ request, payload }) {
  const { totalAmountCents, currencyCode } = payload;
  if (request?.Amount) return `${request.Amount} ${request.CurrencyCode ?? ''}`;
  return typeof totalAmountCents === 'number'
    ? `${totalAmountCents} (minor units) ${currencyCode ?? ''}`
    : undefined;
}

/**
 * The first answer to a partner who names a click.
 * @param {Conversion} conversion
 * @param {string | undefined} clickId
 */
function otherClick({ attribution }, clickId) {
  if (clickId === undefined || clickId === attribution?.clickId) return undefined;
  const credited = attribution ? `, but to ${attribution.clickId}` : '';
  return h('p', { class: 'other' }, `It is not credited to ${clickId}${credited}.`);
}

/** @param {Conversion} conversion */
function clickText({ attribution, why }) {
  const credited = attribution
    ? ['Credited click: ', h('span', { class: 'id' }, attribution.clickId), '. ']
    : [why?.code !== 'user_erased' && 'No click is credited. '];
  return h('p', {}, ...credited, ...(why ? sentence(why.text) : []));
}

/** @param {Conversion} conversion */
function windowText({ window }) {
  if (!window) return undefined;
  const { capturedAt, occurredAt, windowDays, closesAt, isInside } = window;
  const between = Date.parse(occurredAt) - Date.parse(capturedAt);
  const order = between < 0 ? `${duration(-between)} after it` : `${duration(between)} before it`;
  const rule =
    windowDays === null || closesAt === undefined
      ? ['The programme sets no window for this event; Impact’s contract decides.']
      : [`The window is ${windowDays} days, until `, time(closesAt), isInside ? ': inside.' : ': too late.'];
  return h(
    'div',
    { class: 'window' },
    h('p', {}, 'The click was received ', time(capturedAt), `, ${order}. `, ...rule),
    windowBar(window),
  );
}

/** @param {Conversion} conversion */
function adjustments({ adjustments = [] }) {
  if (adjustments.length === 0) return undefined;
  return table(
    'Refunds and new amounts',
    ['Requested', 'Kind', 'Status', 'Detail'],
    adjustments.map(({ requestedAt, kind, status, detail }) => [
      time(requestedAt),
      kind === 'reversal' ? 'Refund' : 'New amount',
      inWords(status),
      detail,
    ]),
  );
}

/** @param {Conversion} conversion */
function timeline({ timeline }) {
  return h(
    'details',
    { open: true },
    h('summary', {}, 'Timeline'),
    h(
      'ol',
      { class: 'timeline' },
      timeline.map(({ at, status, reason, detail }) =>
        h(
          'li',
          {},
          time(at),
          ' ',
          statusBadge(status, reason),
          ' ',
          ...sentence(detail ?? (reason ? inWords(reason) : '')),
        ),
      ),
    ),
  );
}

/** @param {Conversion} conversion */
function sentAndAnswered({ request, submission, explanation }) {
  if (!request) return undefined;
  const answer = submission
    ? facts([
        ['Sent', time(submission.sentAt)],
        ['Attempts', submission.attempts],
        ['Impact’s answer', submission.state === 'queued' ? 'accepted for processing' : explanation.text],
        ['Impact’s reference', submission.queuedUri],
      ])
    : h('p', {}, 'It has not been sent. This is what Impact would get:');
  return h(
    'details',
    {},
    h('summary', {}, submission ? 'Sent to Impact, and its answer' : 'What would be sent to Impact'),
    answer,
    facts(Object.entries(request)),
  );
}
