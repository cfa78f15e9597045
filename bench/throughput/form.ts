import { basicValue } from '../../src/config.js';
import { encodeForm } from '../../src/impact/encode-form.js';

export const CREDENTIALS = { accountSid: 'bench', authToken: 'bench' };

const HEADERS = {
  Authorization: `Basic ${basicValue(CREDENTIALS)}`,
  Accept: 'application/json',
  'Content-Type': 'application/x-www-form-urlencoded',
  'IR-Version': '14',
};

/** What the product sends for a signup. */
export function formOf(orderId: string): string {
  return encodeForm({
    campaignId: 48_046,
    actionTrackerId: 68_897,
    clickId: 'click',
    orderId,
    eventDate: new Date().toISOString(),
    customerId: orderId.replace('signup-', ''),
  }).toString();
}

/** Sends a form as the product does. Any 2xx status counts as Impact's acknowledgement. */
export async function postForm(impactUrl: string, form: string): Promise<void> {
  const url = `${impactUrl}/Advertisers/${CREDENTIALS.accountSid}/Conversions`;
  const response = await fetch(url, { method: 'POST', headers: HEADERS, body: form });
  if (!response.ok) throw new Error(`Impact answered ${response.status}`);
  await response.arrayBuffer();
}
