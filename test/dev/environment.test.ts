import { expect, test } from 'vitest';
import {
  apiEnvironment,
  DEVELOPMENT_USER_ID_KEY,
  neutralEnvironment,
  workerEnvironment,
} from '../../dev/environment.js';
import { loadApiConfig, loadWorkerConfig } from '../../src/config.js';
import { SCOPES } from '../../src/domain/scopes.js';

const addresses = {
  mongoUri: 'mongodb://127.0.0.1:1/affiliate',
  temporalAddress: '127.0.0.1:2',
  issuerUrl: 'http://127.0.0.1:3',
  impactUrl: 'http://127.0.0.1:4',
};
const ports = { port: 3000, metricsPort: 9465 };
const credentials = { accountSid: 'IR1', authToken: 'secret' };

test('the API gets no variable of Impact', () => {
  const env = { IMPACT_ACCOUNT_SID: 'IR1', IMPACT_AUTH_TOKEN: 'secret', IMPACT_TIMEOUT_MS: '100' };
  expect(JSON.stringify(apiEnvironment(env, ports, addresses))).not.toMatch(/IMPACT|secret/);
  expect(JSON.stringify(neutralEnvironment(env))).toBe('{}');
});

test('the API gets a port for its metrics, whatever the environment says', () => {
  const env = { PORT: '80', METRICS_PORT: '81' };
  expect(apiEnvironment(env, ports, addresses)).toMatchObject({ PORT: '3000', METRICS_PORT: '9465' });
  expect(neutralEnvironment(env)).toEqual({});
});

test('the worker gets the credentials that were decided on, and the settings of its own', () => {
  const env = { IMPACT_TIMEOUT_MS: '100', IMPACT_AUTH_TOKEN: 'other', PORT: '3000' };
  expect(workerEnvironment(env, 5000, addresses, credentials)).toMatchObject({
    PORT: '5000',
    IMPACT_BASE_URL: 'http://127.0.0.1:4',
    IMPACT_ACCOUNT_SID: 'IR1',
    IMPACT_AUTH_TOKEN: 'secret',
    IMPACT_TIMEOUT_MS: '100',
  });
});

test('settings of a real system reach the processes only with its address', () => {
  const settings = {
    TEMPORAL_NAMESPACE: 'prod',
    AUTH_AUDIENCE: 'shop',
    AUTH_JWKS_URL: 'https://clerk.example/jwks',
    MACHINE_SUBJECTS: '*@clients',
  };
  const embedded = apiEnvironment(settings, ports, addresses);
  const real = {
    ...settings,
    TEMPORAL_ADDRESS: 'temporal.example:7233',
    AUTH_ISSUER: 'https://clerk.example',
  };
  const toReal = { ...addresses, temporalAddress: real.TEMPORAL_ADDRESS, issuerUrl: real.AUTH_ISSUER };

  for (const name of Object.keys(settings)) expect(embedded).not.toHaveProperty(name);
  expect(apiEnvironment(real, ports, toReal)).toMatchObject(real);
});

test("users' ids in development have a key of their own; a real database keeps its own key", () => {
  const env = { USER_ID_KEY: 'of-production' };
  expect(apiEnvironment(env, ports, addresses)).toMatchObject({ USER_ID_KEY: DEVELOPMENT_USER_ID_KEY });
  expect(apiEnvironment({ ...env, MONGODB_URI: addresses.mongoUri }, ports, addresses)).toMatchObject(env);
  expect(workerEnvironment(env, 5000, addresses, credentials)).not.toHaveProperty('USER_ID_KEY');
});

test('the local issuer signs in to the console, unless a real one signs in to it or issues the tokens', () => {
  const local = loadApiConfig(apiEnvironment({}, ports, addresses)).console;
  expect(local).toMatchObject({ issuer: addresses.issuerUrl, publicUrl: 'http://127.0.0.1:3000' });
  const real = {
    CONSOLE_ISSUER: 'https://login.example',
    CONSOLE_CLIENT_ID: 'id',
    CONSOLE_CLIENT_SECRET: 'of-the-real-provider',
  };
  expect(apiEnvironment(real, ports, addresses)).toMatchObject({
    ...real,
    CONSOLE_URL: 'http://127.0.0.1:3000',
  });
  const withoutConsole = { AUTH_ISSUER: 'https://clerk.example', CONSOLE_ROLES: 'finance' };
  const toReal = { ...addresses, issuerUrl: withoutConsole.AUTH_ISSUER };
  expect(loadApiConfig(apiEnvironment(withoutConsole, ports, toReal)).console).toBeNull();
});

test('a site in development may call the API, unless other origins are named', () => {
  expect(apiEnvironment({}, ports, addresses)).toMatchObject({
    ALLOWED_ORIGINS: 'http://localhost:3001',
    AUTH_AUTHORIZED_PARTIES: 'http://localhost:3001',
  });
  expect(apiEnvironment({}, { port: 3100, metricsPort: 9565 }, addresses)).toMatchObject({
    ALLOWED_ORIGINS: 'http://localhost:3101',
  });
  const named = { ALLOWED_ORIGINS: 'https://a.example', AUTH_AUTHORIZED_PARTIES: 'https://b.example' };
  expect(apiEnvironment(named, ports, addresses)).toMatchObject(named);
});

test('development is not limited by accident, unless limits are set', () => {
  expect(apiEnvironment({}, ports, addresses)).toMatchObject({
    RATE_LIMIT_PER_USER: '100000',
    RATE_LIMIT_PER_MACHINE: '100000',
    RATE_LIMIT_PER_ADDRESS: '100000',
  });
  const own = { RATE_LIMIT_PER_USER: '5', RATE_LIMIT_PER_MACHINE: '6', RATE_LIMIT_PER_ADDRESS: '7' };
  expect(apiEnvironment(own, ports, addresses)).toMatchObject(own);
});

test('the local machine has every scope, unless MACHINE_SCOPES says otherwise', () => {
  expect(apiEnvironment({}, ports, addresses).MACHINE_SCOPES).toBe(`mch_local=${SCOPES.join(' ')}`);
  const none = { MACHINE_SCOPES: 'mch_other=conversions:read' };
  expect(apiEnvironment(none, ports, addresses)).toMatchObject(none);
});

test('a real issuer does not know the local machine, which gets no scope there', () => {
  const real = { AUTH_ISSUER: 'https://clerk.example' };
  const toReal = { ...addresses, issuerUrl: real.AUTH_ISSUER };
  expect(apiEnvironment(real, ports, toReal)).not.toHaveProperty('MACHINE_SCOPES');
});

test('the API of the stack starts with its environment, and the worker too', () => {
  expect(loadApiConfig(apiEnvironment({}, ports, addresses)).auth.machines.scopes.size).toBe(1);
  expect(() => loadWorkerConfig(workerEnvironment({}, 5000, addresses, credentials))).not.toThrow();
});
