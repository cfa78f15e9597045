import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  ConfigError,
  type Environment,
  loadApiConfig,
  loadCliConfig,
  loadWorkerConfig,
} from '../src/config.js';
import { defaultProgramme } from '../src/domain/programme/default-programme.js';
import { apiSchema, workerSchema } from '../src/environment.js';
import { exampleOf } from '../src/variables.js';
import { tempDir } from './dev/support.js';

const API: Environment = {
  MONGODB_URI: 'mongodb://db.example.com/affiliate?replicaSet=rs0',
  AUTH_ISSUER: 'https://clerk.example.com',
  AUTH_AUTHORIZED_PARTIES: 'https://app.example.com',
  USER_ID_KEY: 'a-random-key-of-32-characters-or-more',
};
const WORKER: Environment = { MONGODB_URI: 'mongodb://db.example.com/affiliate?replicaSet=rs0' };

const CLERK = {
  issuer: 'https://clerk.example.com',
  jwksUrl: 'https://clerk.example.com/.well-known/jwks.json',
  audience: undefined,
};

/** The message for the operator; each invalid variable has a line. */
function refusal(load: () => unknown): string {
  try {
    load();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ code: 'invalid_configuration' });
    return (error as Error).message;
  }
  throw new Error('the environment was accepted');
}

describe("the API's configuration", () => {
  it.each(['https://app.example.com/', 'app.example.com', '*'])(
    'refuses %s, which no origin equals',
    (origin) => {
      expect(refusal(() => loadApiConfig({ ...API, ALLOWED_ORIGINS: origin }))).toContain(
        'ALLOWED_ORIGINS: must be origins',
      );
    },
  );

  it("has defaults for all but the database, the issuer, the authorized parties and the key of the users' ids", () => {
    expect(loadApiConfig(API)).toEqual({
      host: '127.0.0.1',
      port: 3000,
      metricsPort: 9465,
      logLevel: 'info',
      programme: defaultProgramme,
      mongoUri: 'mongodb://db.example.com/affiliate?replicaSet=rs0',
      temporal: { connectionOptions: {} },
      tracing: null,
      secrets: [API.USER_ID_KEY],
      auth: {
        algorithms: ['RS256'],
        maxTokenLifetimeSeconds: 86_400,
        users: {
          ...CLERK,
          idClaim: 'sub',
          requiresSessionId: true,
          authorizedParties: ['https://app.example.com'],
        },
        machines: { ...CLERK, subjects: /^mch_[^|]+$/, scopes: new Map() },
      },
      allowedOrigins: [],
      userIdKey: API.USER_ID_KEY,
      signupGraceMs: 60_000,
      rateLimits: { user: 120, machine: 6_000, address: 300 },
      trustProxy: undefined,
      console: null,
      stripe: null,
    });
  });

  it.each([
    ['MONGODB_URI', 'mongodb://127.0.0.1:27017/affiliate?replicaSet=rs0'],
    ['AUTH_ISSUER', 'https://clerk.example.com'],
    ['USER_ID_KEY', '$(openssl rand -hex 32)'],
    ['AUTH_AUTHORIZED_PARTIES', 'https://app.example.com,https://www.example.com'],
  ])('says that %s is missing, and what it looks like', (name, example) => {
    const message = refusal(() => loadApiConfig({ ...API, [name]: undefined }));
    expect(message).toContain(`\n  ${name}: is missing`);
    expect(message).toContain(`. Example: ${example}`);
  });

  it.each([
    ['MONGODB_URI', 'postgres://db.example.com/affiliate'],
    ['MONGODB_URI', 'db.example.com'],
    ['AUTH_ISSUER', 'clerk.example.com'],
    ['AUTH_ISSUER', 'localhost:3000'],
    ['AUTH_JWKS_URL', 'clerk.example.com/jwks'],
    ['AUTH_JWKS_URL', 'file:///etc/jwks.json'],
    ['AUTH_AUTHORIZED_PARTIES', ','],
    ['AUTH_ALGORITHMS', 'HS256'],
    ['AUTH_ALGORITHMS', 'RS256 none'],
    ['AUTH_ALGORITHMS', 'rs256'],
    ['AUTH_REQUIRE_SESSION_ID', 'false'],
    ['MACHINE_ISSUER', 'machines.example.com'],
    ['MACHINE_JWKS_URL', 'file:///etc/jwks.json'],
    ['AUTH_MAX_TOKEN_LIFETIME', '59'],
    ['AUTH_MAX_TOKEN_LIFETIME', '1d'],
    ['PORT', 'http'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '80.5'],
    ['METRICS_PORT', '65536'],
    ['LOG_LEVEL', 'verbose'],
    ['SIGNUP_ATTRIBUTION_GRACE', '1m'],
    ['SIGNUP_ATTRIBUTION_GRACE', '-1'],
    ['SIGNUP_ATTRIBUTION_GRACE', '3601'],
    ['RATE_LIMIT_PER_USER', '-1'],
    ['RATE_LIMIT_PER_MACHINE', '1e3'],
    ['RATE_LIMIT_PER_ADDRESS', 'none'],
    ['TRUST_PROXY', 'true'],
    ['TRUST_PROXY', '*'],
    ['TRUST_PROXY', '10'],
    ['TRUST_PROXY', '10.0.0.0/33'],
    ['TRUST_PROXY', '0.0.0.0/0'],
    ['TRUST_PROXY', '10.0.0.1,'],
    ['TRUST_PROXY', 'proxy.example.com'],
  ])('refuses %s=%s by name', (name, value) => {
    expect(refusal(() => loadApiConfig({ ...API, [name]: value }))).toMatch(
      new RegExp(`\n  ${name}: (must be|is missing)`),
    );
  });

  it("refuses a key of the users' ids that can be guessed, and does not repeat it", () => {
    const message = refusal(() => loadApiConfig({ ...API, USER_ID_KEY: 'short-secret' }));
    expect(message).toContain('\n  USER_ID_KEY: must have at least 32 characters');
    expect(message).not.toContain('short-secret');
  });

  it.each([
    ['PORT', 'http', 'must be a number. Example: 3000'],
    ['PORT', '80.5', 'must be a whole number. Example: 3000'],
    ['METRICS_PORT', '-1', 'must be at least 0. Example: 9465'],
    ['METRICS_PORT', '65536', 'must be at most 65535. Example: 9465'],
    ['LOG_LEVEL', 'verbose', 'must be one of fatal, error, warn, info, debug, trace, silent. Example: info'],
    ['ALLOWED_ORIGINS', 'app', 'must be origins without a path, separated by commas. Example: https://app'],
    [
      'AUTH_ISSUER',
      'clerk.example.com',
      'must be a URL that begins with https:// or http://. Example: https://clerk.example.com',
    ],
  ])(
    'says what %s=%s should be, with an example and without the terms of a validator',
    (name, value, words) => {
      expect(refusal(() => loadApiConfig({ ...API, [name]: value }))).toContain(`\n  ${name}: ${words}`);
    },
  );

  it('names every invalid variable at once', () => {
    const message = refusal(() => loadApiConfig({ PORT: 'http', LOG_LEVEL: 'verbose' }));
    expect(message.match(/^ {2}\w+(?=: )/gm)).toEqual(
      expect.arrayContaining(['  MONGODB_URI', '  AUTH_ISSUER', '  PORT', '  LOG_LEVEL']),
    );
  });

  it('has the programme of its file, as the worker has', () => {
    const variables = { PROGRAMME_FILE: 'examples/programme.json' };
    for (const { programme } of [
      loadApiConfig({ ...API, ...variables }),
      loadWorkerConfig({ ...WORKER, ...variables }),
    ])
      expect(programme.ids).toEqual(['visit_signup', 'trial_start', 'trial_end', 'sale']);
  });

  it('reads an empty variable as not set', () => {
    const names = ['PORT', 'HOST', 'LOG_LEVEL', 'AUTH_JWKS_URL', 'AUTH_AUDIENCE', 'SIGNUP_ATTRIBUTION_GRACE'];
    const empty = Object.fromEntries(names.map((name) => [name, '']));
    expect(loadApiConfig({ ...API, ...empty })).toEqual(loadApiConfig(API));
  });

  it('reads an empty required variable as missing', () => {
    expect(refusal(() => loadApiConfig({ ...API, MONGODB_URI: '' }))).toContain('MONGODB_URI');
  });

  it('reads lists separated by commas, with spaces around them', () => {
    const config = loadApiConfig({
      ...API,
      ALLOWED_ORIGINS: 'https://app.example.com, https://www.example.com,',
      AUTH_AUTHORIZED_PARTIES: ' https://app.example.com ',
    });
    expect(config).toMatchObject({
      allowedOrigins: ['https://app.example.com', 'https://www.example.com'],
      auth: { users: { authorizedParties: ['https://app.example.com'] } },
    });
  });

  it('derives the address of the keys from an issuer with a trailing slash', () => {
    const { auth } = loadApiConfig({ ...API, AUTH_ISSUER: 'https://issuer.example.com/' });
    expect(auth.users.jwksUrl).toBe('https://issuer.example.com/.well-known/jwks.json');
  });

  it('keeps the issuer unchanged, because tokens contain it in that form', () => {
    const { auth } = loadApiConfig({ ...API, AUTH_ISSUER: 'https://issuer.example.com/' });
    expect(auth.users.issuer).toBe('https://issuer.example.com/');
  });

  it('reads the keys from AUTH_JWKS_URL if that is set', () => {
    const { auth } = loadApiConfig({ ...API, AUTH_JWKS_URL: 'https://keys.example.com/jwks' });
    expect(auth.users.jwksUrl).toBe('https://keys.example.com/jwks');
  });

  it('starts with session tokens of any origin only if the operator says so', () => {
    expect(refusal(() => loadApiConfig({ ...API, AUTH_AUTHORIZED_PARTIES: '' }))).toContain(
      'the origins of your sites (Clerk), or the client ids',
    );
    const { auth } = loadApiConfig({ ...API, AUTH_AUTHORIZED_PARTIES: '*' });
    expect(auth.users.authorizedParties).toEqual(['*']);
  });

  it.each(['https://app.example.com/', 'https://app.example.com/shop', '*,https://app.example.com'])(
    'refuses the authorized parties %s, with which no `azp` or every one would match',
    (parties) => {
      const message = refusal(() => loadApiConfig({ ...API, AUTH_AUTHORIZED_PARTIES: parties }));
      expect(message).toContain('\n  AUTH_AUTHORIZED_PARTIES: ');
    },
  );

  it('takes a client id as an authorized party, which is the `azp` of other issuers', () => {
    const { auth } = loadApiConfig({ ...API, AUTH_AUTHORIZED_PARTIES: 'shop-client' });
    expect(auth.users.authorizedParties).toEqual(['shop-client']);
  });

  it('reads the grace in seconds', () => {
    expect(loadApiConfig({ ...API, SIGNUP_ATTRIBUTION_GRACE: '0.5' }).signupGraceMs).toBe(500);
  });

  it.each(['0', 'off'])('has no rate limit if it is %s', (value) => {
    const variables = {
      RATE_LIMIT_PER_USER: value,
      RATE_LIMIT_PER_MACHINE: value,
      RATE_LIMIT_PER_ADDRESS: value,
    };
    expect(loadApiConfig({ ...API, ...variables }).rateLimits).toEqual({ user: 0, machine: 0, address: 0 });
  });

  it.each([
    ['0', 0],
    ['2', 2],
    ['loopback, 10.0.0.0/8', ['loopback', '10.0.0.0/8']],
    ['fd00::/8,192.0.2.1', ['fd00::/8', '192.0.2.1']],
  ])('reads the proxies %s', (value, trustProxy) => {
    expect(loadApiConfig({ ...API, TRUST_PROXY: value }).trustProxy).toEqual(trustProxy);
  });

  it('has no grace if it is 0', () => {
    expect(loadApiConfig({ ...API, SIGNUP_ATTRIBUTION_GRACE: '0' }).signupGraceMs).toBe(0);
  });

  describe('Stripe', () => {
    const STRIPE = { STRIPE_WEBHOOK_SECRET: 'whsec_before, whsec_afterwards' };
    const load = (variables: Environment = {}) => loadApiConfig({ ...API, ...STRIPE, ...variables });

    it("is a source with a secret, for the programme's only sale", () => {
      const { stripe, secrets } = load();
      expect(stripe).toMatchObject({
        secrets: ['whsec_before', 'whsec_afterwards'],
        saleEvent: { id: 'sale_subscription' },
        amount: 'without_tax',
      });
      expect(secrets).toEqual(expect.arrayContaining(['whsec_before', 'whsec_afterwards']));
    });

    it.each(['signup', 'renewal'])('refuses the campaign event %s, which is no sale', (id) => {
      expect(refusal(() => load({ STRIPE_SALE_EVENT: id }))).toContain(
        '\n  STRIPE_SALE_EVENT: must be the campaign event of a sale. The programme has: sale_subscription',
      );
    });

    it('refuses to choose between two sales', async () => {
      const file = join(await tempDir(), 'programme.json');
      const sale = { type: 'sale', actionTrackerId: 99999 };
      const events = {
        signup: { type: 'lead', actionTrackerId: 68897 },
        one: sale,
        other: { ...sale, actionTrackerId: 99998 },
      };
      await writeFile(file, JSON.stringify({ campaignId: 48046, events }));
      const several = { PROGRAMME_FILE: file };
      expect(refusal(() => load(several))).toContain('The programme has: one, other');
      expect(load({ ...several, STRIPE_SALE_EVENT: 'other' }).stripe?.saleEvent.id).toBe('other');
    });

    it('refuses the secret key of an account, and does not repeat it', () => {
      const message = refusal(() => load({ STRIPE_WEBHOOK_SECRET: 'sk_live_abcdef' }));
      expect(message).toContain('\n  STRIPE_WEBHOOK_SECRET: must be signing secrets');
      expect(message).not.toContain('sk_live_abcdef');
    });
  });

  describe('of the console', () => {
    const CONSOLE: Environment = {
      CONSOLE_ISSUER: 'https://login.example.com',
      CONSOLE_CLIENT_ID: 'affiliate-api',
      CONSOLE_CLIENT_SECRET: 'a-secret-of-the-provider',
      CONSOLE_URL: 'https://api.example.com',
    };
    const load = (variables: Environment) => loadApiConfig({ ...API, ...CONSOLE, ...variables });

    it('has a default for the claim and the role', () => {
      expect(load({}).console).toEqual({
        issuer: 'https://login.example.com',
        clientId: 'affiliate-api',
        clientSecret: 'a-secret-of-the-provider',
        publicUrl: 'https://api.example.com',
        roleClaim: 'roles',
        roles: ['affiliate-manager'],
      });
    });

    it('reads roles separated by spaces or commas', () => {
      const { console } = load({ CONSOLE_ROLES: 'manager, finance  lead' });
      expect(console?.roles).toEqual(['manager', 'finance', 'lead']);
    });

    it.each(Object.keys(CONSOLE))('is refused without %s, which is named', (name) => {
      const message = refusal(() => load({ [name]: '' }));
      expect(message.match(/^ {2}\w+: .*$/gm)).toEqual([
        expect.stringMatching(`^  ${name}: is missing: the console needs CONSOLE_ISSUER, `),
      ]);
    });

    it.each([
      ['CONSOLE_CLIENT_SECRET', 'short-secret', 'must have at least 16 characters'],
      ['CONSOLE_ISSUER', 'login.example.com', 'must be a URL'],
      ['CONSOLE_ISSUER', 'http://login.example.com', 'must begin with https://'],
      ['CONSOLE_URL', 'http://api.example.com', 'must begin with https://'],
      ['CONSOLE_URL', 'https://api.example.com/', 'must be an origin'],
      ['CONSOLE_URL', 'https://api.example.com/console', 'must be an origin'],
      ['CONSOLE_ROLES', ', ,', 'must name at least one'],
    ])('is refused with %s=%s', (name, value, words) => {
      const message = refusal(() => load({ [name]: value }));
      expect(message).toContain(`\n  ${name}: ${words}`);
      expect(message).not.toContain('short-secret');
    });

    it('may use plain HTTP on this machine, and with the hosts of ALLOW_HTTP_HOSTS', () => {
      const plain = {
        CONSOLE_ISSUER: 'http://keycloak:8080/realms/shop',
        CONSOLE_URL: 'http://127.0.0.1:3000',
      };
      expect(load({ ...plain, ALLOW_HTTP_HOSTS: 'keycloak' }).console?.issuer).toBe(plain.CONSOLE_ISSUER);
    });

    it('is on only with a provider: a role alone turns nothing on', () => {
      expect(loadApiConfig({ ...API, CONSOLE_ROLES: 'finance' }).console).toBeNull();
    });

    it('keeps its secret out of log lines', () => {
      expect(load({}).secrets).toContain(CONSOLE.CONSOLE_CLIENT_SECRET);
    });
  });

  it("never contains Impact's credentials", () => {
    const config = loadApiConfig({ ...API, IMPACT_ACCOUNT_SID: 'IRsid', IMPACT_AUTH_TOKEN: 'impact-secret' });
    expect(JSON.stringify(config)).not.toMatch(/IRsid|impact-secret/);
  });
});

describe("the worker's configuration", () => {
  it('has defaults for all but the database', () => {
    expect(loadWorkerConfig(WORKER)).toEqual({
      host: '127.0.0.1',
      port: 9464,
      logLevel: 'info',
      programme: defaultProgramme,
      mongoUri: 'mongodb://db.example.com/affiliate?replicaSet=rs0',
      temporal: { connectionOptions: {} },
      tracing: null,
      secrets: [],
      signupGraceMs: 60_000,
      impact: {
        baseUrl: 'https://api.impact.com',
        credentials: null,
        timeoutMs: 10_000,
        maxRequestsPerSecond: 10,
        maxReadsPerHour: 1_000,
        confirmAfterMs: 600_000,
        confirmWithinMs: 259_200_000,
        lookUp: { afterMs: 1_800_000, withinMs: 172_800_000 },
      },
      heldMs: 2_592_000_000,
      buildId: null,
      audit: true,
    });
  });

  it.each([
    ['the worker', loadWorkerConfig],
    ["the operator's commands", loadCliConfig],
  ])('says that MONGODB_URI is missing, and what it looks like, also in %s', (_, load) => {
    expect(refusal(() => load({}))).toBe(
      'The environment is incomplete or invalid (see .env.example):\n' +
        '  MONGODB_URI: is missing. Example: mongodb://127.0.0.1:27017/affiliate?replicaSet=rs0',
    );
  });

  it.each([
    ['IMPACT_BASE_URL', 'api.impact.com'],
    ['IMPACT_BASE_URL', 'api.impact.com:443'],
    ['IMPACT_TIMEOUT_MS', '10s'],
    ['IMPACT_TIMEOUT_MS', '99'],
    ['IMPACT_TIMEOUT_MS', '20001'],
    ['IMPACT_MAX_REQUESTS_PER_SECOND', '0'],
    ['IMPACT_MAX_REQUESTS_PER_SECOND', 'many'],
    ['IMPACT_CONFIRM_AFTER', '0'],
    ['IMPACT_CONFIRM_WITHIN', '259201'],
    ['IMPACT_LOOK_UP_AFTER', '0'],
    ['IMPACT_LOOK_UP_AFTER', '28801'],
    ['IMPACT_LOOK_UP_WITHIN', '2d'],
    ['HELD_DAYS', '0'],
    ['HELD_DAYS', '89'],
    ['PORT', 'http'],
  ])('refuses %s=%s by name', (name, value) => {
    expect(refusal(() => loadWorkerConfig({ ...WORKER, [name]: value }))).toContain(`\n  ${name}: must be`);
  });

  it.each(['IMPACT_CONFIRM', 'IMPACT_LOOK_UP'])('refuses %s_WITHIN below %s_AFTER', (name) => {
    const environment = { ...WORKER, [`${name}_AFTER`]: '20', [`${name}_WITHIN`]: '19.9' };
    expect(refusal(() => loadWorkerConfig(environment))).toContain(
      `\n  ${name}_WITHIN: must not be below ${name}_AFTER`,
    );
  });

  it('reads the waiting times in seconds', () => {
    const { impact } = loadWorkerConfig({
      ...WORKER,
      IMPACT_CONFIRM_AFTER: '1',
      IMPACT_CONFIRM_WITHIN: '20',
      IMPACT_LOOK_UP_AFTER: '0.5',
      IMPACT_LOOK_UP_WITHIN: '30',
    });
    expect(impact).toMatchObject({
      confirmAfterMs: 1_000,
      confirmWithinMs: 20_000,
      lookUp: { afterMs: 500, withinMs: 30_000 },
    });
  });

  it('contains both credentials of Impact', () => {
    const config = loadWorkerConfig({ ...WORKER, IMPACT_ACCOUNT_SID: 'IRsid', IMPACT_AUTH_TOKEN: 'secret' });
    expect(config.impact.credentials).toEqual({ accountSid: 'IRsid', authToken: 'secret' });
  });

  it.each(['IMPACT_ACCOUNT_SID', 'IMPACT_AUTH_TOKEN'])('refuses %s without the other credential', (name) => {
    expect(refusal(() => loadWorkerConfig({ ...WORKER, [name]: 'x' }))).toContain(
      'IMPACT_ACCOUNT_SID and IMPACT_AUTH_TOKEN go together',
    );
  });

  it('does not repeat a credential in the error', () => {
    const message = refusal(() => loadWorkerConfig({ ...WORKER, IMPACT_AUTH_TOKEN: 'impact-secret' }));
    expect(message).not.toContain('impact-secret');
  });

  it('reads empty credentials as none, and skips every conversion', () => {
    const config = loadWorkerConfig({ ...WORKER, IMPACT_ACCOUNT_SID: '', IMPACT_AUTH_TOKEN: '' });
    expect(config.impact.credentials).toBeNull();
  });

  it('removes the trailing slash of the base URL', () => {
    const config = loadWorkerConfig({ ...WORKER, IMPACT_BASE_URL: 'http://127.0.0.1:8080/' });
    expect(config.impact.baseUrl).toBe('http://127.0.0.1:8080');
  });
});

describe.each([
  ['the API', apiSchema],
  ['the worker', workerSchema],
])('the examples of %s', (_, schema) => {
  const variables = Object.entries(schema.shape);

  it('are valid values', () => {
    const invalid = variables.filter(([name, variable]) => {
      const example = exampleOf(schema, name);
      const isCommand = example?.startsWith('$(');
      return example !== undefined && !isCommand && !variable.safeParse(example).success;
    });
    expect(invalid.map(([name]) => name)).toEqual([]);
  });

  it('exist for every variable that can be missing or have a wrong format', () => {
    const isStrict = (variable: (typeof variables)[number][1]) =>
      [undefined, 'no valid value'].some((value) => !variable.safeParse(value).success);
    const withoutExample = variables.filter(
      ([name, variable]) => isStrict(variable) && !exampleOf(schema, name),
    );
    expect(withoutExample.map(([name]) => name)).toEqual([]);
  });
});

describe('the secrets to remove from log lines', () => {
  const URI = 'mongodb://app:p%40ss@a.example.com:1,b.example.com:2/affiliate?replicaSet=rs0';

  it("are in the API MongoDB's password in both spellings, Temporal's API key, and the key of the users' ids", () => {
    const { secrets } = loadApiConfig({ ...API, MONGODB_URI: URI, TEMPORAL_API_KEY: 'temporal-key' });
    expect(secrets).toEqual(['temporal-key', 'p%40ss', 'p@ss', API.USER_ID_KEY]);
  });

  it("are in the worker also Impact's token, raw and as the header contains it", () => {
    const { secrets } = loadWorkerConfig({
      ...WORKER,
      IMPACT_ACCOUNT_SID: 'IRsid',
      IMPACT_AUTH_TOKEN: 'token',
    });
    expect(secrets).toEqual(['token', Buffer.from('IRsid:token').toString('base64')]);
  });
});

describe('tracing', () => {
  it.each(['http://collector:4318', 'http://collector:4318/'])('goes to %s if that is set', (endpoint) => {
    const { tracing } = loadWorkerConfig({ ...WORKER, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });
    expect(tracing).toEqual({ tracesUrl: 'http://collector:4318/v1/traces' });
  });

  it('refuses an endpoint that is not a URL', () => {
    const refused = refusal(() => loadApiConfig({ ...API, OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' }));
    expect(refused).toContain('OTEL_EXPORTER_OTLP_ENDPOINT: ');
  });
});

describe("Temporal's configuration", () => {
  it("is read from the variables of Temporal's own tools", () => {
    const { temporal } = loadApiConfig({
      ...API,
      TEMPORAL_ADDRESS: 'eu.api.temporal.io:7233',
      TEMPORAL_NAMESPACE: 'affiliate.abc12',
      TEMPORAL_API_KEY: 'key',
    });
    expect(temporal).toMatchObject({
      namespace: 'affiliate.abc12',
      connectionOptions: { address: 'eu.api.temporal.io:7233', apiKey: 'key', tls: true },
    });
  });

  it('is refused by name if a certificate cannot be read', () => {
    const environment = { ...API, TEMPORAL_TLS_CLIENT_CERT_PATH: '/no/such/client.pem' };
    expect(refusal(() => loadApiConfig(environment))).toMatch(/TEMPORAL_\*: .*\/no\/such\/client\.pem/);
  });
});

describe('MACHINE_SCOPES', () => {
  const read = (value: string) => loadApiConfig({ ...API, MACHINE_SCOPES: value }).auth.machines.scopes;

  it('has the scopes of each machine by its subject', () => {
    const value = 'mch_a=conversions:publish conversions:read, mch_b = conversions:adjust ,mch_c=';
    expect([...read(value)]).toEqual([
      ['mch_a', ['conversions:publish', 'conversions:read']],
      ['mch_b', ['conversions:adjust']],
      ['mch_c', []],
    ]);
  });

  it.each([
    ['mch_a', '"mch_a" must be a subject and its scopes. Example: mch_shop=conversions:publish'],
    ['=conversions:read', '"=conversions:read" must be a subject and its scopes'],
    ['mch_a=conversions:read mch_b=conversions:read', 'must be a subject and its scopes'],
    ['mch_a=conversions:read,mch_a=conversions:publish', 'names mch_a twice'],
    [
      'mch_a=conversions:write *',
      'grants mch_a unknown scopes: conversions:write, *. Known: conversions:publish',
    ],
  ])('refuses %s', (value, message) => {
    const refused = refusal(() => read(value));
    expect(refused).toContain('\n  MACHINE_SCOPES: ');
    expect(refused).toContain(message);
  });

  it('names every fault at once', () => {
    expect(refusal(() => read('mch_a,mch_b=x')).match(/MACHINE_SCOPES: /g)).toHaveLength(2);
  });
});

describe('an address without TLS', () => {
  const load = (name: string, value: string, more: Environment = {}) =>
    name === 'IMPACT_BASE_URL'
      ? loadWorkerConfig({ ...WORKER, [name]: value, ...more })
      : loadApiConfig({ ...API, MACHINE_ISSUER: 'https://machines.example.com', [name]: value, ...more });
  const names = ['AUTH_ISSUER', 'AUTH_JWKS_URL', 'MACHINE_ISSUER', 'MACHINE_JWKS_URL', 'IMPACT_BASE_URL'];
  const elsewhere = [
    'http://clerk.example.com',
    'http://10.0.0.7:8080',
    'http://keycloak:8080',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'http://user:password@clerk.example.com',
  ];

  it.each(names.flatMap((name) => elsewhere.map((url) => [name, url])))('is refused: %s=%s', (name, url) => {
    const message = refusal(() => load(name, url));
    expect(message).toContain(`\n  ${name}: must begin with https://`);
    expect(message).toContain('ALLOW_HTTP_HOSTS');
    expect(message).not.toContain('password');
  });

  it.each(
    names.flatMap((name) =>
      ['http://127.0.0.1:1', 'http://[::1]:1', 'http://localhost:1'].map((url) => [name, url]),
    ),
  )('may be on this machine: %s=%s', (name, url) => {
    expect(() => load(name, url)).not.toThrow();
  });

  it('may be of a host that ALLOW_HTTP_HOSTS names, and of no other', () => {
    const allowed = { ALLOW_HTTP_HOSTS: 'keycloak, impact-sandbox' };
    for (const name of names) expect(() => load(name, 'http://keycloak:8080', allowed)).not.toThrow();
    expect(refusal(() => load('AUTH_ISSUER', 'http://keycloak.example.com', allowed))).toContain(
      'AUTH_ISSUER',
    );
  });

  it('is refused for the keys of an issuer without TLS, too', () => {
    const keys = { AUTH_JWKS_URL: 'https://keys.example.com/jwks' };
    expect(refusal(() => load('AUTH_ISSUER', 'http://clerk.example.com', keys))).toContain('AUTH_ISSUER');
  });
});
