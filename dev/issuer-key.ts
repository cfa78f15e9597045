import { readFile } from 'node:fs/promises';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import { writeAtomically } from './data-dir.js';

/** A private RS256 key with its `kid`. */
export type IssuerKey = JWK & { kid: string };

/** The key in the file, made on first use. Only its owner can read it. */
export async function loadIssuerKey(keyFile: string): Promise<IssuerKey> {
  const text = await readFile(keyFile, 'utf8').catch(() => undefined);
  if (text !== undefined) return JSON.parse(text) as IssuerKey;
  const key = await generateIssuerKey();
  await writeAtomically(keyFile, `${JSON.stringify(key)}\n`);
  return key;
}

export async function generateIssuerKey(): Promise<IssuerKey> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = await exportJWK(privateKey);
  return { ...jwk, alg: 'RS256', use: 'sig', kid: await calculateJwkThumbprint(jwk) };
}

/** What everybody may know of it. */
export function publicPartOf({ kty, n, e, alg, use, kid }: IssuerKey): JWK {
  return { kty, n, e, alg, use, kid } as JWK;
}
