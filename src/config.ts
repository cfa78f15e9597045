import querystring from 'node:querystring';
import { type ClientConnectConfig, loadClientConnectConfig } from '@temporalio/envconfig';
import { z } from 'zod';

/** The environment, read and checked once. Nothing else in the service touches `process.env`. */

const list = z
  .string()
  .default('')
  .transform((value) =>
    value
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean),
  );

/** `localhost:3000` is a URL too, of the scheme "localhost". */
const httpUrl = z.url({ protocol: /^https?$/, error: 'must be a URL that begins with https:// or http://' });

/** As a browser sends it in `Origin`: a path or a slash at the end would never match. */
const origins = list.refine(
  (items) => items.every((item) => URL.canParse(item) && new URL(item).origin === item),
  {
    message: 'must be origins such as https://app.example.com, separated by commas',
  },
);

const port = z.coerce.number().int().min(0).max(65_535);

const common = {
  HOST: z.string().default('127.0.0.1'),
  MONGODB_URI: z.string().regex(/^mongodb(\+srv)?:\/\//, 'must begin with mongodb:// or mongodb+srv://'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl.optional(),
};

const apiSchema = z.object({
  ...common,
  PORT: port.default(3000),
  METRICS_PORT: port.default(9465),
  AUTH_ISSUER: httpUrl,
  AUTH_JWKS_URL: httpUrl.optional(),
  AUTH_AUTHORIZED_PARTIES: list,
  AUTH_AUDIENCE: z.string().optional(),
  ALLOWED_ORIGINS: origins,
  SIGNUP_ATTRIBUTION_GRACE: z.coerce.number().min(0).max(3600).default(60),
});

const workerSchema = z
  .object({
    ...common,
    PORT: port.default(9464),
    WORKER_BUILD_ID: z.string().optional(),
    IMPACT_BASE_URL: httpUrl.default('https://api.impact.com'),
    IMPACT_ACCOUNT_SID: z.string().default(''),
    IMPACT_AUTH_TOKEN: z.string().default(''),
    IMPACT_TIMEOUT_MS: z.coerce.number().int().min(100).max(20_000).default(10_000),
    IMPACT_MAX_REQUESTS_PER_SECOND: z.coerce.number().positive().default(10),
    IMPACT_MAX_READS_PER_HOUR: z.coerce.number().positive().default(1_000),
    IMPACT_CONFIRM: z.enum(['on', 'off']).default('on'),
    AUDIT: z.enum(['on', 'off']).default('on'),
    IMPACT_CONFIRM_AFTER: z.coerce.number().positive().max(86_400).default(600),
  })
  .refine((env) => Boolean(env.IMPACT_ACCOUNT_SID) === Boolean(env.IMPACT_AUTH_TOKEN), {
    path: ['IMPACT_AUTH_TOKEN'],
    message:
      'IMPACT_ACCOUNT_SID and IMPACT_AUTH_TOKEN go together: set both, or neither to skip every conversion',
  });

const cliSchema = z.object({ MONGODB_URI: common.MONGODB_URI });

export type Environment = Record<string, string | undefined>;

/** What each of the two processes needs. */
export interface ProcessConfig {
  host: string;
  /** The API's; the worker serves `/healthz`, `/readyz` and `/metrics` there. */
  port: number;
  logLevel: string;
  mongoUri: string;
  temporal: ClientConnectConfig;
  /** `null`: nothing is traced. */
  tracing: TracingConfig | null;
  /** What must never be written anywhere. */
  secrets: readonly string[];
}

export interface TracingConfig {
  /** Where spans are sent, over OTLP/HTTP. */
  tracesUrl: string;
}

export interface ApiConfig extends ProcessConfig {
  /** Of `/metrics`, which is nobody's outside. */
  metricsPort: number;
  auth: AuthConfig;
  allowedOrigins: string[];
  /** How long after its creation a user without attribution may still get one for its signup. */
  signupGraceMs: number;
}

export interface AuthConfig {
  issuer: string;
  jwksUrl: string;
  /** Accepted `azp` values; empty accepts any. */
  authorizedParties: string[];
  audience?: string | undefined;
}

export interface WorkerConfig extends ProcessConfig {
  impact: ImpactConfig;
  /** Whether the ledger is compared with Impact every day. */
  audit: boolean;
  /** Which version of the workflows this worker has; `null`: Temporal tells versions not apart. */
  buildId: string | null;
}

/** Of the commands for humans, which need no credentials of Impact's. */
export interface CliConfig {
  mongoUri: string;
  temporal: ClientConnectConfig;
}

export interface ImpactConnection {
  baseUrl: string;
  /** `null`: Impact is not configured, and every conversion is skipped. */
  credentials: ImpactCredentials | null;
  timeoutMs: number;
}

export interface ImpactConfig extends ImpactConnection {
  maxRequestsPerSecond: number;
  maxReadsPerHour: number;
  /** How long after Impact's receipt to ask what became of it; `null`: never. */
  confirmAfterMs: number | null;
}

export interface ImpactCredentials {
  accountSid: string;
  authToken: string;
}

/** @throws ConfigError naming each variable that is missing or wrong */
export function loadApiConfig(variables: Environment = process.env): ApiConfig {
  const environment = withoutEmpty(variables);
  const env = parse(apiSchema, environment);
  return {
    ...processConfig(env, environment),
    metricsPort: env.METRICS_PORT,
    auth: {
      issuer: env.AUTH_ISSUER,
      jwksUrl: env.AUTH_JWKS_URL ?? `${env.AUTH_ISSUER.replace(/\/$/, '')}/.well-known/jwks.json`,
      authorizedParties: env.AUTH_AUTHORIZED_PARTIES,
      audience: env.AUTH_AUDIENCE,
    },
    allowedOrigins: env.ALLOWED_ORIGINS,
    signupGraceMs: env.SIGNUP_ATTRIBUTION_GRACE * 1000,
  };
}

/** @throws ConfigError naming each variable that is missing or wrong */
export function loadWorkerConfig(variables: Environment = process.env): WorkerConfig {
  const environment = withoutEmpty(variables);
  const env = parse(workerSchema, environment);
  const shared = processConfig(env, environment);
  const credentials = env.IMPACT_ACCOUNT_SID
    ? { accountSid: env.IMPACT_ACCOUNT_SID, authToken: env.IMPACT_AUTH_TOKEN }
    : null;
  return {
    ...shared,
    secrets: [...shared.secrets, ...(credentials ? impactSecrets(credentials) : [])],
    impact: {
      baseUrl: env.IMPACT_BASE_URL.replace(/\/$/, ''),
      credentials,
      timeoutMs: env.IMPACT_TIMEOUT_MS,
      maxRequestsPerSecond: env.IMPACT_MAX_REQUESTS_PER_SECOND,
      maxReadsPerHour: env.IMPACT_MAX_READS_PER_HOUR,
      confirmAfterMs: env.IMPACT_CONFIRM === 'on' ? env.IMPACT_CONFIRM_AFTER * 1000 : null,
    },
    audit: env.AUDIT === 'on',
    buildId: env.WORKER_BUILD_ID ?? null,
  };
}

function processConfig(
  env: z.output<z.ZodObject<typeof common>> & { PORT: number },
  environment: Record<string, string>,
): ProcessConfig {
  const endpoint = env.OTEL_EXPORTER_OTLP_ENDPOINT;
  return {
    host: env.HOST,
    port: env.PORT,
    logLevel: env.LOG_LEVEL,
    mongoUri: env.MONGODB_URI,
    temporal: temporalConfig(environment),
    tracing: endpoint === undefined ? null : { tracesUrl: `${endpoint.replace(/\/$/, '')}/v1/traces` },
    secrets: sharedSecrets(environment),
  };
}

/** Of both processes, as they may come up in a log line. */
function sharedSecrets({ MONGODB_URI = '', TEMPORAL_API_KEY = '' }: Record<string, string>): string[] {
  const [, password = ''] = /^mongodb(?:\+srv)?:\/\/[^:@/]*:([^@/]*)@/.exec(MONGODB_URI) ?? [];
  return [TEMPORAL_API_KEY, password, querystring.unescape(password)].filter(Boolean);
}

function impactSecrets({ accountSid, authToken }: ImpactCredentials): string[] {
  return [authToken, Buffer.from(`${accountSid}:${authToken}`).toString('base64')];
}

/** @throws ConfigError naming each variable that is missing or wrong */
export function loadCliConfig(variables: Environment = process.env): CliConfig {
  const environment = withoutEmpty(variables);
  const env = parse(cliSchema, environment);
  return { mongoUri: env.MONGODB_URI, temporal: temporalConfig(environment) };
}

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'invalid_configuration';
}

const INCOMPLETE = 'The environment is not complete (see .env.example):';

/** TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_API_KEY, TEMPORAL_TLS…, as Temporal's own tools read them. */
function temporalConfig(environment: Record<string, string>): ClientConnectConfig {
  try {
    return loadClientConnectConfig({ disableFile: true, overrideEnvVars: environment });
  } catch (error) {
    throw new ConfigError(`${INCOMPLETE}\n  TEMPORAL_*: ${(error as Error).message}`, { cause: error });
  }
}

/** An empty variable is how compose files and shells say "not set". */
function withoutEmpty(variables: Environment): Record<string, string> {
  const set = Object.entries(variables).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return Object.fromEntries(set);
}

function parse<T>(schema: z.ZodType<T>, environment: Record<string, string>): T {
  const result = schema.safeParse(environment);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new ConfigError(`${INCOMPLETE}\n${lines.join('\n')}`);
}
