import type { ImpactCredentials } from '../config.js';
import { spellings } from '../secret-spellings.js';

/** Takes the credentials out of what humans get to read. */
export type Redact = (text: string) => string;

/**
 * An answer may echo the request with its Authorization header, as a proxy's error page does, and Impact's words go
 * into the ledger, the logs and the Temporal UI. The account's id is no secret: it is in every address.
 */
export function createRedact({ accountSid, authToken }: ImpactCredentials): Redact {
  const basic = basicValue({ accountSid, authToken });
  // Padding is optional in Base64, so it may be left out on the way.
  const secrets = [basic, basic.replace(/=+$/, ''), authToken].filter(Boolean).flatMap(spellings);
  return (text) => secrets.reduce((rest, secret) => rest.replaceAll(secret, '[redacted]'), text);
}

/** The value of the Authorization header, after `Basic`. */
export function basicValue({ accountSid, authToken }: ImpactCredentials): string {
  return Buffer.from(`${accountSid}:${authToken}`).toString('base64');
}
