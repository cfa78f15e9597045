import type { IssuerKey } from '../../dev/issuer-key.js';
import { signSessionToken } from '../../dev/sign-token.js';

/** The header of a user's session. */
export async function sessionOf(issuer: { key: IssuerKey; issuerUrl: string }, clerkId: string) {
  const { key, issuerUrl } = issuer;
  return { authorization: `Bearer ${await signSessionToken(key, { issuerUrl, clerkId })}` };
}
