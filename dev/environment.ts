import { resolve } from 'node:path';
import { SCOPES } from '../src/domain/scopes.js';
import { LOCAL_MACHINE } from './sign-token.js';

/**
 * Which variables each process gets. Only the worker gets Impact's credentials, and a setting of a real system never
 * reaches the embedded one in its place.
 */

type Environment = NodeJS.ProcessEnv;
type Addresses = { mongoUri: string; temporalAddress: string; issuerUrl: string; impactUrl: string };

/** A machine in development sends everything from one address, and in a trial as one caller. */
const GENEROUS = {
  RATE_LIMIT_PER_USER: '100000',
  RATE_LIMIT_PER_MACHINE: '100000',
  RATE_LIMIT_PER_ADDRESS: '100000',
};
/** `npm run token` signs for this machine, and only the embedded issuer knows it. */
export const LOCAL_MACHINE_SCOPES = `${LOCAL_MACHINE}=${SCOPES.join(' ')}`;
const OURS =
  /^(IMPACT|AUTH|CONSOLE|MACHINE|TEMPORAL|MONGODB|MONGOD)_|^(HOST|PORT|METRICS_PORT|USER_ID_KEY|PROGRAMME_FILE)$/;

/** No secret: users that exist only in development have ids made of it. */
export const DEVELOPMENT_USER_ID_KEY = 'development-only-key-of-the-user-ids';

/** At the local OpenID Connect provider. No secret: it opens a console that exists only in development. */
export const DEVELOPMENT_CONSOLE_CLIENT = {
  id: 'affiliate-console',
  secret: 'development-only-key-of-the-console',
};

/** Each stack expects a site in development on the port after its API's. */
export function sitePort(apiPort: number): number {
  return apiPort + 1;
}

export function neutralEnvironment(env: Environment): Environment {
  return pick(env, (name) => !OURS.test(name));
}

export function apiEnvironment(
  env: Environment,
  { port, metricsPort }: { port: number; metricsPort: number },
  addresses: Addresses,
): Environment {
  const site = `http://localhost:${sitePort(port)}`;
  return {
    ...GENEROUS,
    ...serviceEnvironment(env, port, addresses),
    METRICS_PORT: String(metricsPort),
    ALLOWED_ORIGINS: env.ALLOWED_ORIGINS ?? site,
    AUTH_ISSUER: addresses.issuerUrl,
    AUTH_AUTHORIZED_PARTIES: env.AUTH_AUTHORIZED_PARTIES ?? site,
    ...(env.AUTH_ISSUER
      ? { ...withPrefix(env, 'AUTH_'), ...withPrefix(env, 'MACHINE_') }
      : { MACHINE_SCOPES: env.MACHINE_SCOPES ?? LOCAL_MACHINE_SCOPES }),
    ...consoleEnvironment(env, port, addresses),
    USER_ID_KEY: (env.MONGODB_URI && env.USER_ID_KEY) || DEVELOPMENT_USER_ID_KEY,
  };
}

/** The provider that the environment names, or the local one, which is not there beside a real token issuer. */
function consoleEnvironment(env: Environment, port: number, { issuerUrl }: Addresses): Environment {
  const here = { CONSOLE_URL: `http://127.0.0.1:${port}` };
  if (env.CONSOLE_ISSUER) return { ...here, ...withPrefix(env, 'CONSOLE_') };
  if (env.AUTH_ISSUER) return {};
  const { id, secret } = DEVELOPMENT_CONSOLE_CLIENT;
  return { ...here, CONSOLE_ISSUER: issuerUrl, CONSOLE_CLIENT_ID: id, CONSOLE_CLIENT_SECRET: secret };
}

/** The sandbox processes submissions at once; Impact takes minutes, and allows 1,000 reads an hour. */
const SANDBOX_PACE = { IMPACT_CONFIRM_AFTER: '1', IMPACT_MAX_READS_PER_HOUR: '36000' };

export function workerEnvironment(
  env: Environment,
  port: number,
  addresses: Addresses,
  { accountSid, authToken }: { accountSid: string; authToken: string },
): Environment {
  return {
    ...serviceEnvironment(env, port, addresses),
    ...(env.IMPACT_BASE_URL ? {} : SANDBOX_PACE),
    ...withPrefix(env, 'IMPACT_'),
    IMPACT_BASE_URL: addresses.impactUrl,
    IMPACT_ACCOUNT_SID: accountSid,
    IMPACT_AUTH_TOKEN: authToken,
  };
}

function serviceEnvironment(env: Environment, port: number, addresses: Addresses): Environment {
  return {
    LOG_LEVEL: 'info',
    ...neutralEnvironment(env),
    ...(env.TEMPORAL_ADDRESS && withPrefix(env, 'TEMPORAL_')),
    // The services run in the project's directory.
    ...(env.PROGRAMME_FILE && { PROGRAMME_FILE: resolve(env.PROGRAMME_FILE) }),
    HOST: '127.0.0.1',
    PORT: String(port),
    MONGODB_URI: addresses.mongoUri,
    TEMPORAL_ADDRESS: addresses.temporalAddress,
  };
}

function withPrefix(env: Environment, prefix: string): Environment {
  return pick(env, (name) => name.startsWith(prefix));
}

function pick(env: Environment, isWanted: (name: string) => boolean): Environment {
  return Object.fromEntries(Object.entries(env).filter(([name]) => isWanted(name)));
}
