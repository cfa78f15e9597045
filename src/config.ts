import querystring from 'node:querystring';
import type { ClientConnectConfig } from '@temporalio/envconfig';
import type { z } from 'zod';
import { authConfig } from './auth-config.js';
import {
  apiSchema,
  authSchema,
  cliSchema,
  type Environment,
  readEnvironment,
  userIdKeySchema,
  workerSchema,
} from './environment.js';
import { loadProgramme } from './programme-file.js';
import { stripeConfig } from './stripe-config.js';
import { readVariables } from './variables.js';

export type { AuthConfig, TokenIssuer } from './auth-config.js';
export { ConfigError, type Environment } from './environment.js';

/** Reads and checks the environment once. Only this file reads `process.env`. */

export interface TracingConfig {
  /** Receives the spans over OTLP/HTTP. */
  tracesUrl: string;
}

/** How affiliate managers sign in to `/console`. */
export interface ConsoleConfig {
  /** The OpenID Connect provider. */
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** The origin at which browsers reach the API. */
  publicUrl: string;
  /** The claim that must have one of the roles: its name, or its path. */
  roleClaim: string;
  roles: readonly string[];
}

export interface ImpactConnection {
  baseUrl: string;
  /** `null`: Impact is not configured, so every conversion is skipped. */
  credentials: ImpactCredentials | null;
  timeoutMs: number;
}

export interface ImpactCredentials {
  accountSid: string;
  authToken: string;
}

/** @throws ConfigError that names each variable that is missing or invalid */
export function loadApiConfig(variables: Environment = process.env) {
  const { env, temporal } = readEnvironment(apiSchema, variables);
  const shared = processConfig(env, temporal);
  const console = consoleConfig(env);
  return {
    ...shared,
    secrets: [
      ...shared.secrets,
      env.USER_ID_KEY,
      ...(console ? [console.clientSecret] : []),
      ...env.STRIPE_WEBHOOK_SECRET,
    ],
    /** Port of `/metrics`; internal only. */
    metricsPort: env.METRICS_PORT,
    auth: authConfig(env),
    allowedOrigins: env.ALLOWED_ORIGINS,
    /** The secret of which users' ids are made. */
    userIdKey: env.USER_ID_KEY,
    /** Requests per minute; 0: no limit. */
    rateLimits: {
      user: env.RATE_LIMIT_PER_USER,
      machine: env.RATE_LIMIT_PER_MACHINE,
      address: env.RATE_LIMIT_PER_ADDRESS,
    },
    trustProxy: env.TRUST_PROXY,
    /** `null`: the console is off. */
    console,
    /** `null`: Stripe is no source. */
    stripe: stripeConfig(env, shared.programme),
  };
}

function consoleConfig(env: z.output<typeof apiSchema>): ConsoleConfig | null {
  const { CONSOLE_ISSUER: issuer, CONSOLE_CLIENT_ID: clientId } = env;
  const { CONSOLE_CLIENT_SECRET: clientSecret, CONSOLE_URL: publicUrl } = env;
  if (!issuer || !clientId || !clientSecret || !publicUrl) return null;
  const role = { roleClaim: env.CONSOLE_ROLE_CLAIM, roles: env.CONSOLE_ROLES };
  return { issuer, clientId, clientSecret, publicUrl, ...role };
}

/** @throws ConfigError that names each variable that is missing or invalid */
export function loadWorkerConfig(variables: Environment = process.env) {
  const { env, temporal } = readEnvironment(workerSchema, variables);
  const shared = processConfig(env, temporal);
  const credentials: ImpactCredentials | null = env.IMPACT_ACCOUNT_SID
    ? { accountSid: env.IMPACT_ACCOUNT_SID, authToken: env.IMPACT_AUTH_TOKEN }
    : null;
  return {
    ...shared,
    secrets: credentials
      ? [...shared.secrets, credentials.authToken, basicValue(credentials)]
      : shared.secrets,
    impact: {
      baseUrl: env.IMPACT_BASE_URL.replace(/\/$/, ''),
      credentials,
      timeoutMs: env.IMPACT_TIMEOUT_MS,
      maxRequestsPerSecond: env.IMPACT_MAX_REQUESTS_PER_SECOND,
      maxReadsPerHour: env.IMPACT_MAX_READS_PER_HOUR,
      /** Delay between Impact's receipt and the first poll for the outcome; `null`: never poll. */
      confirmAfterMs: env.IMPACT_CONFIRM === 'on' ? env.IMPACT_CONFIRM_AFTER * 1000 : null,
      /** How long to poll altogether. */
      confirmWithinMs: env.IMPACT_CONFIRM_WITHIN * 1000,
      /** When to look up an order that may have arrived. */
      lookUp: { afterMs: env.IMPACT_LOOK_UP_AFTER * 1000, withinMs: env.IMPACT_LOOK_UP_WITHIN * 1000 },
    },
    /** Whether the worker compares the ledger with Impact every day. */
    audit: env.AUDIT === 'on',
    /** How long a conversion waits for a user whom this service does not know yet. */
    heldMs: env.HELD_DAYS * 86_400_000,
    /** Version of this worker's workflows; `null`: Temporal does not distinguish versions. */
    buildId: env.WORKER_BUILD_ID ?? null,
  };
}

/** Configuration that both processes need. */
function processConfig(env: z.output<typeof apiSchema | typeof workerSchema>, temporal: ClientConnectConfig) {
  const endpoint = env.OTEL_EXPORTER_OTLP_ENDPOINT;
  return {
    host: env.HOST,
    /** Port of the API; in the worker, port of `/healthz`, `/readyz` and `/metrics`. */
    port: env.PORT,
    logLevel: env.LOG_LEVEL,
    /** What the company has agreed with Impact. */
    programme: loadProgramme(env.PROGRAMME_FILE),
    /** For this long after its creation, a user without attribution may still get one for its signup. */
    signupGraceMs: env.SIGNUP_ATTRIBUTION_GRACE * 1000,
    mongoUri: env.MONGODB_URI,
    temporal,
    /** `null`: tracing is off. */
    tracing: endpoint === undefined ? null : { tracesUrl: `${endpoint.replace(/\/$/, '')}/v1/traces` },
    /** Values that log lines must not contain. */
    secrets: sharedSecrets(env.MONGODB_URI, temporal),
  };
}

function sharedSecrets(mongoUri: string, { connectionOptions }: ClientConnectConfig): string[] {
  const { apiKey } = connectionOptions;
  const [, password = ''] = /^mongodb(?:\+srv)?:\/\/[^:@/]*:([^@/]*)@/.exec(mongoUri) ?? [];
  const secrets = [typeof apiKey === 'string' ? apiKey : '', password, querystring.unescape(password)];
  return secrets.filter(Boolean);
}

/** The value of the header `Authorization`, after `Basic`. */
export function basicValue({ accountSid, authToken }: ImpactCredentials): string {
  return Buffer.from(`${accountSid}:${authToken}`).toString('base64');
}

export type CliConfig = ReturnType<typeof loadCliConfig>;

/**
 * Configuration of the operator's commands, which need no Impact credentials.
 * @throws ConfigError that names each variable that is missing or invalid
 */
export function loadCliConfig(variables: Environment = process.env) {
  const { env, temporal } = readEnvironment(cliSchema, variables);
  return { mongoUri: env.MONGODB_URI, temporal };
}

/** @throws ConfigError that names each variable that is missing or invalid */
export function loadAuthConfig(variables: Environment = process.env) {
  return authConfig(readVariables(authSchema, variables));
}

/** @throws ConfigError */
export function loadUserIdKey(variables: Environment = process.env): string {
  return readVariables(userIdKeySchema, variables).USER_ID_KEY;
}
