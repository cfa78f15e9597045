import { fetchKeySet } from '../issuer-key-set.js';
import type { Check, CheckGroup } from './run-checks.js';

const DEADLINE_MS = 3_000;

interface Issuer {
  issuer: string;
  jwksUrl: string;
}

/** Whether the keys of the issuers can be fetched from here, and can verify tokens. */
export function issuerChecks(auth: {
  users: Issuer;
  machines: Issuer;
  algorithms: readonly string[];
}): CheckGroup[] {
  const { users, machines, algorithms } = auth;
  const ofUsers = keysCheck('AUTH', users, algorithms);
  return users.issuer === machines.issuer
    ? [[ofUsers]]
    : [[ofUsers], [keysCheck('MACHINE', machines, algorithms)]];
}

function keysCheck(prefix: string, { issuer, jwksUrl }: Issuer, algorithms: readonly string[]): Check {
  return {
    name: `keys of ${issuer}`,
    next: `Check ${prefix}_ISSUER and ${prefix}_JWKS_URL: the issuer's discovery document has the address as jwks_uri.`,
    async run() {
      const { keys } = await fetchKeySet(jwksUrl, { algorithms, timeoutMs: DEADLINE_MS }).catch((cause) => {
        throw new Error(`${jwksUrl} gives no keys`, { cause });
      });
      return `${keys.length} at ${jwksUrl}`;
    },
  };
}
