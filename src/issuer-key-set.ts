import { createLocalJWKSet, createRemoteJWKSet, type JSONWebKeySet, type JWK } from 'jose';

/**
 * Fetches an issuer's public keys, and leaves out those that cannot verify a token.
 * @throws Error where no key can: keys of another use must not replace good ones
 */
export async function fetchKeySet(
  jwksUrl: string,
  { algorithms, timeoutMs }: { algorithms: readonly string[]; timeoutMs: number },
): Promise<JSONWebKeySet> {
  const remote = createRemoteJWKSet(new URL(jwksUrl), { timeoutDuration: timeoutMs });
  await remote.reload();
  const all = remote.jwks()?.keys ?? [];
  const usable = await Promise.all(all.map((jwk) => isUsable(jwk, algorithms)));
  const keys = all.filter((_, index) => usable[index]);
  if (keys.length > 0) return { keys };
  throw new Error(`none of the ${all.length} keys in the set can verify ${algorithms.join(' or ')}`);
}

async function isUsable(jwk: JWK, algorithms: readonly string[]): Promise<boolean> {
  const fitting = await Promise.all(algorithms.map((alg) => fits(jwk, alg)));
  return fitting.some(Boolean);
}

/** By the same rules as the keys of a token are found: type, curve, `alg`, `use` and `key_ops`. */
async function fits(jwk: JWK, alg: string): Promise<boolean> {
  try {
    const { algorithm } = await createLocalJWKSet({ keys: [jwk] })({ alg });
    // https://www.rfc-editor.org/rfc/rfc7518#section-3.3
    return Number((algorithm as { modulusLength?: number }).modulusLength ?? 2048) >= 2048;
  } catch {
    return false;
  }
}
