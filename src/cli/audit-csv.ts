import type { Finding } from '../domain/audit.js';

const HEADER = ['kind', 'order_id', 'action_tracker_id', 'conversion_id', 'status', 'action_ids', 'detail'];

/** CSV by RFC 4180. */
export function toCsv(findings: readonly Finding[]): string {
  const rows = findings.map((finding) => [
    finding.kind,
    finding.orderId,
    String(finding.actionTrackerId),
    finding.conversionId ?? '',
    finding.status ?? '',
    finding.actionIds.join(' '),
    finding.detail,
  ]);
  return [HEADER, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

/** Order ids come from outside. A spreadsheet would run one that begins with such a character as a formula. */
function cell(value: string): string {
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
