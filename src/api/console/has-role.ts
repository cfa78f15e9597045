import type { ConsoleConfig } from '../../config.js';

type Claims = Record<string, unknown>;

/** Whether the provider says that the person has one of the roles: the claim is one value, or a list. */
export function hasRole(claims: Claims, { roleClaim, roles }: Pick<ConsoleConfig, 'roleClaim' | 'roles'>) {
  // With some providers, anybody can enter anybody's address.
  if (roleClaim === 'email' && claims.email_verified !== true) return false;
  const value = claimAt(claims, roleClaim);
  return (Array.isArray(value) ? value : [value]).some((item) => roles.includes(item));
}

/** The claim of this name, such as `https://example.com/roles`, or else at this path, such as `realm_access.roles`. */
function claimAt(claims: Claims, path: string): unknown {
  const own = (value: unknown, name: string) =>
    typeof value === 'object' && value !== null && Object.hasOwn(value, name)
      ? (value as Claims)[name]
      : undefined;
  return own(claims, path) ?? path.split('.').reduce<unknown>(own, claims);
}
