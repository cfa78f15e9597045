import { hkdfSync } from 'node:crypto';
import { EncryptJWT, errors, type JWTPayload, jwtDecrypt } from 'jose';
import type { ConsoleConfig } from '../../config.js';

export type Seal = ReturnType<typeof createSeal>;

const METHODS = { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] };

/**
 * Encrypts texts, so that only API processes of the same configuration can make and read them. The key is derived from the
 * purpose and from every setting that decides who signs in: a changed secret or role makes all earlier texts unreadable.
 */
export function createSeal({ clientSecret, ...settings }: ConsoleConfig, purpose: string) {
  const { issuer, clientId, roleClaim, roles } = settings;
  const info = JSON.stringify([purpose, issuer, clientId, roleClaim, roles]);
  const key = new Uint8Array(hkdfSync('sha256', clientSecret, '', info, 32));
  return {
    seal(claims: JWTPayload, lifetimeSeconds: number): Promise<string> {
      return new EncryptJWT(claims)
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
        .setExpirationTime(`${lifetimeSeconds}s`)
        .encrypt(key);
    },
    /** `undefined`: it has expired, or is none of ours. */
    async open(sealed: string): Promise<JWTPayload | undefined> {
      try {
        return (await jwtDecrypt(sealed, key, { ...METHODS, requiredClaims: ['exp'] })).payload;
      } catch (error) {
        if (error instanceof errors.JOSEError) return undefined;
        throw error;
      }
    },
  };
}
