import { isIP } from 'node:net';
import { type ClientConnectConfig, loadClientConnectConfig } from '@temporalio/envconfig';
import { z } from 'zod';
import { requireTellable } from './auth-config.js';
import { authVariables } from './auth-variables.js';
import { HELD_DAYS } from './domain/conversion.js';
import { CONFIRM_WITHIN_MS, LONGEST_LOOK_UP_WAIT_MS, LOOK_UP } from './domain/impact-times.js';
import {
  httpUrl,
  list,
  origin,
  origins,
  requireTls,
  requireWholeConsole,
  stripeSecrets,
  words,
} from './environment-formats.js';
import { AMOUNTS } from './sources/stripe/deps.js';
import { ConfigError, type Environment, readVariables, withoutEmpty } from './variables.js';

export { ConfigError, type Environment } from './variables.js';

/**
 * The variables of the environment: names, formats, defaults, and an example for each that has no default.
 * `.env.example` explains each.
 */

const port = z.coerce.number().int().min(0).max(65_535);

const seconds = z.coerce.number().positive();

/** Requests per minute; 0: no limit. */
const perMinute = z
  .string()
  .regex(/^(off|\d{1,7})$/, 'must be a number of requests per minute, or off')
  .transform((value) => (value === 'off' ? 0 : Number(value)));

/** A number of hops, or the proxies' addresses. It is never "all of them": then each client would choose its address. */
const proxies = z
  .string()
  .trim()
  .refine((value) => /^\d$/.test(value) || value.split(/\s*,\s*/).every(isProxy), {
    message: 'must be the number of proxies (0: none), or their addresses, separated by commas',
  })
  .transform((value) => (/^\d$/.test(value) ? Number(value) : value.split(/\s*,\s*/)))
  .optional();

function isProxy(item: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(item)) return true;
  const [address = '', bits, ...rest] = item.split('/');
  const longest = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0;
  if (longest === 0 || rest.length > 0) return false;
  return bits === undefined || (/^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= longest);
}

const common = {
  HOST: z.string().default('127.0.0.1'),
  MONGODB_URI: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\//, 'must begin with mongodb:// or mongodb+srv://')
    .meta({ example: 'mongodb://127.0.0.1:27017/affiliate?replicaSet=rs0' }),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl.optional().meta({ example: 'http://localhost:4318' }),
  ALLOW_HTTP_HOSTS: list,
  SIGNUP_ATTRIBUTION_GRACE: z.coerce.number().min(0).max(3600).default(60),
  PROGRAMME_FILE: z.string().optional().meta({ example: '/etc/affiliate/programme.json' }),
};

// A command as the example, because a value that stands somewhere is no secret.
const userIdKey = z
  .string()
  .min(32, 'must have at least 32 characters: use a random secret, and never change it')
  .meta({ example: '$(openssl rand -hex 32)' });

const AUTH_ADDRESSES = ['AUTH_ISSUER', 'AUTH_JWKS_URL', 'MACHINE_ISSUER', 'MACHINE_JWKS_URL'] as const;

export const apiSchema = z
  .object({
    ...common,
    PORT: port.default(3000),
    METRICS_PORT: port.default(9465),
    ...authVariables,
    ALLOWED_ORIGINS: origins.meta({ example: 'https://app.example.com,https://www.example.com' }),
    USER_ID_KEY: userIdKey,
    RATE_LIMIT_PER_USER: perMinute.default(120),
    RATE_LIMIT_PER_MACHINE: perMinute.default(6_000),
    RATE_LIMIT_PER_ADDRESS: perMinute.default(300),
    TRUST_PROXY: proxies.meta({ example: '10.0.0.0/8' }),
    CONSOLE_ISSUER: httpUrl.optional().meta({ example: 'https://login.example.com' }),
    CONSOLE_CLIENT_ID: z.string().optional(),
    CONSOLE_CLIENT_SECRET: z.string().optional(),
    CONSOLE_URL: origin.optional().meta({ example: 'https://api.example.com' }),
    CONSOLE_ROLE_CLAIM: z.string().default('roles'),
    CONSOLE_ROLES: words.default(['affiliate-manager']),
    STRIPE_WEBHOOK_SECRET: stripeSecrets.meta({ example: 'whsec_abcdef' }),
    STRIPE_SALE_EVENT: z.string().optional().meta({ example: 'sale_subscription' }),
    STRIPE_AMOUNT: z.enum(AMOUNTS).default('without_tax'),
  })
  .superRefine(requireTls(...AUTH_ADDRESSES, 'CONSOLE_ISSUER', 'CONSOLE_URL'))
  .superRefine(requireTellable)
  .superRefine(requireWholeConsole);

/** Of the API's variables, those of `doctor`'s check of the issuers. */
export const authSchema = z
  .object({ ALLOW_HTTP_HOSTS: common.ALLOW_HTTP_HOSTS, ...authVariables })
  .superRefine(requireTls(...AUTH_ADDRESSES))
  .superRefine(requireTellable);

export const workerSchema = z
  .object({
    ...common,
    PORT: port.default(9464),
    WORKER_BUILD_ID: z.string().optional(),
    // Impact drops events that are older.
    HELD_DAYS: z.coerce.number().positive().max(88).default(HELD_DAYS),
    IMPACT_BASE_URL: httpUrl.default('https://api.impact.com'),
    IMPACT_ACCOUNT_SID: z.string().default(''),
    IMPACT_AUTH_TOKEN: z.string().default(''),
    IMPACT_TIMEOUT_MS: z.coerce.number().int().min(100).max(20_000).default(10_000),
    IMPACT_MAX_REQUESTS_PER_SECOND: z.coerce.number().positive().default(10),
    IMPACT_MAX_READS_PER_HOUR: z.coerce.number().positive().default(1_000),
    IMPACT_CONFIRM: z.enum(['on', 'off']).default('on'),
    AUDIT: z.enum(['on', 'off']).default('on'),
    IMPACT_CONFIRM_AFTER: seconds.max(86_400).default(600),
    IMPACT_CONFIRM_WITHIN: seconds.max(CONFIRM_WITHIN_MS / 1000).default(CONFIRM_WITHIN_MS / 1000),
    // No later wait is longer, and none may end before Impact has the Action.
    IMPACT_LOOK_UP_AFTER: seconds.max(LONGEST_LOOK_UP_WAIT_MS / 1000).default(LOOK_UP.afterMs / 1000),
    IMPACT_LOOK_UP_WITHIN: seconds.default(LOOK_UP.withinMs / 1000),
  })
  .refine((env) => Boolean(env.IMPACT_ACCOUNT_SID) === Boolean(env.IMPACT_AUTH_TOKEN), {
    path: ['IMPACT_AUTH_TOKEN'],
    message:
      'IMPACT_ACCOUNT_SID and IMPACT_AUTH_TOKEN go together: set both, or set neither and every conversion is skipped',
  })
  .refine((env) => env.IMPACT_CONFIRM_WITHIN >= env.IMPACT_CONFIRM_AFTER, {
    path: ['IMPACT_CONFIRM_WITHIN'],
    message: 'must not be below IMPACT_CONFIRM_AFTER',
  })
  .refine((env) => env.IMPACT_LOOK_UP_WITHIN >= env.IMPACT_LOOK_UP_AFTER, {
    path: ['IMPACT_LOOK_UP_WITHIN'],
    message: 'must not be below IMPACT_LOOK_UP_AFTER',
  })
  .superRefine(requireTls('IMPACT_BASE_URL'));

export const cliSchema = z.object({ MONGODB_URI: common.MONGODB_URI });

/** Of the command that creates users. */
export const userIdKeySchema = z.object({ USER_ID_KEY: userIdKey });

/** @throws ConfigError that names each variable that is missing or invalid */
export function readEnvironment<T>(schema: z.ZodType<T>, variables: Environment) {
  return { env: readVariables(schema, variables), temporal: temporalConfig(withoutEmpty(variables)) };
}

/**
 * TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_API_KEY, TEMPORAL_TLS…, as Temporal's own tools read them.
 * https://docs.temporal.io/references/client-environment-configuration
 */
function temporalConfig(environment: Record<string, string>): ClientConnectConfig {
  try {
    return loadClientConnectConfig({ disableFile: true, overrideEnvVars: environment });
  } catch (error) {
    throw new ConfigError([`TEMPORAL_*: ${(error as Error).message}`], { cause: error });
  }
}
