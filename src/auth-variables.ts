import { z } from 'zod';
import { authorizedParties, httpUrl, machineScopes, machineSubjects, words } from './environment-formats.js';

/** The variables that say whose tokens the API accepts. docs/authentication.md explains them. */

/**
 * Of signatures with a public key. Never `none`, nor an HMAC: its secret would verify and sign.
 * https://www.rfc-editor.org/rfc/rfc7518#section-3.1, https://www.rfc-editor.org/rfc/rfc9864
 */
const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512'],
  ...['PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512'],
  ...['EdDSA', 'Ed25519'],
];

const algorithms = words.refine((names) => names.every((name) => ALGORITHMS.includes(name)), {
  message: `must be of ${ALGORITHMS.join(', ')}`,
});

export const authVariables = {
  AUTH_ISSUER: httpUrl.meta({ example: 'https://clerk.example.com' }),
  AUTH_JWKS_URL: httpUrl.optional().meta({ example: 'https://clerk.example.com/.well-known/jwks.json' }),
  AUTH_AUTHORIZED_PARTIES: authorizedParties.meta({
    example: 'https://app.example.com,https://www.example.com',
  }),
  AUTH_AUDIENCE: z.string().optional(),
  AUTH_ALGORITHMS: algorithms.default(['RS256']),
  AUTH_USER_ID_CLAIM: z.string().default('sub'),
  AUTH_REQUIRE_SESSION_ID: z.enum(['on', 'off']).default('on'),
  AUTH_MAX_TOKEN_LIFETIME: z.coerce.number().int().min(60).default(86_400),
  MACHINE_SCOPES: machineScopes.meta({
    example: 'mch_shop=conversions:publish conversions:adjust,mch_ops=conversions:read',
  }),
  MACHINE_SUBJECTS: machineSubjects.default('mch_*'),
  MACHINE_AUDIENCE: z.string().optional(),
  MACHINE_ISSUER: httpUrl.optional().meta({ example: 'https://machines.example.com' }),
  MACHINE_JWKS_URL: httpUrl
    .optional()
    .meta({ example: 'https://machines.example.com/.well-known/jwks.json' }),
};
