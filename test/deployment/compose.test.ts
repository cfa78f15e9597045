import { execFile } from 'node:child_process';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv, promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { DEVELOPMENT_CONSOLE_CLIENT } from '../../dev/environment.js';
import { LOCAL_MACHINE } from '../../dev/sign-token.js';
import { PRODUCTION_CONFIG } from '../../dev/temporal.js';
import { loadApiConfig, loadWorkerConfig } from '../../src/config.js';
import { SCOPES } from '../../src/domain/scopes.js';
import { SEARCH_ATTRIBUTES } from '../../src/domain/workflow-names.js';
import { tempDir } from '../dev/support.js';
import { environmentOf, networksOf, readComposeFile, type Service, type Variables } from './compose-file.js';
import { configVariables, readProjectFile } from './project-files.js';

const { services, volumes, configs, networks } = await readComposeFile();
const { api, worker, mongodb, 'impact-sandbox': sandbox, 'token-issuer': issuer } = services;
const all = Object.entries(services);
const longRunning = all.filter(([, service]) => service.restart !== 'no');

const PASSWORDS = {
  MONGODB_PASSWORD: 'mongo123',
  MONGODB_ROOT_PASSWORD: 'root123',
  POSTGRES_PASSWORD: 'pg123',
};
const REQUIRED = {
  AUTH_ISSUER: 'https://clerk.example.com',
  AUTH_AUTHORIZED_PARTIES: 'https://app.example.com',
  ...PASSWORDS,
  USER_ID_KEY: 'k'.repeat(32),
};
/** A .env as .env.example has it, filled in where it must be. */
const EXAMPLE: Record<string, string | undefined> = {
  ...parseEnv(await readProjectFile('.env.example')),
  ...REQUIRED,
};
/** No .env at all. */
const NONE = {};
const TEMPORAL_VARIABLES = ['TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE'];
/** The image sets the address to listen on, and the defaults set the port. */
const LEFT_TO_THE_IMAGE = ['HOST', 'PORT', 'METRICS_PORT'];

describe('every service', () => {
  test('runs an image of an exact version, or is built from this tree', () => {
    const loose = all.filter(
      ([, { image, build }]) =>
        !build && !/:v?\d+(\.\d+)+(-[a-z]+)?(@sha256:[0-9a-f]{64})?$/.test(image ?? ''),
    );
    expect(namesOf(loose)).toEqual([]);
  });

  test('is reachable on 127.0.0.1 only', () => {
    const ports = all.flatMap(([, service]) => service.ports ?? []);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  test('that keeps running has a health check', () => {
    expect(namesOf(longRunning.filter(([, service]) => !service.healthcheck))).toEqual([]);
  });

  test('that keeps running restarts after a crash and a reboot', () => {
    expect(namesOf(longRunning.filter(([, service]) => service.restart !== 'unless-stopped'))).toEqual([]);
  });

  test('waits for a condition that the other service can meet', () => {
    const waits = all.flatMap(([name, service]) =>
      Object.entries(service.depends_on ?? {}).map(([on, { condition }]) => ({ name, on, condition })),
    );
    expect(waits.filter(({ on, condition }) => !canMeet(services[on], condition))).toEqual([]);
  });

  test('keeps its data in a declared volume', () => {
    const mounted = all.flatMap(([, service]) => service.volumes ?? []).map((volume) => volume.split(':')[0]);
    expect(new Set(mounted)).toEqual(new Set(Object.keys(volumes)));
  });

  test('reads a declared config', () => {
    const mounted = all.flatMap(([, service]) => service.configs ?? []).map(({ source }) => source);
    expect(new Set(mounted)).toEqual(new Set(Object.keys(configs)));
  });

  test('reads configs whose files exist', async () => {
    const { programme: _theOperators, ...ours } = configs;
    const files = Object.values(ours).flatMap(({ file }) => file ?? []);
    for (const file of files) expect(await readProjectFile(file)).not.toBe('');
  });

  test('runs by default, unless it is for trials or for monitoring', () => {
    const profiles = all.flatMap(
      ([name, service]) => service.profiles?.map((profile) => [name, profile]) ?? [],
    );
    expect(profiles).toEqual([
      ['impact-sandbox', 'sandbox'],
      ['token-issuer', 'sandbox'],
      ['prometheus', 'monitoring'],
      ['grafana', 'monitoring'],
    ]);
  });

  test('of Temporal has the same version', () => {
    const images = all.flatMap(
      ([, { image }]) => image?.match(/^temporalio\/(server|admin-tools):(.+)$/)?.[2] ?? [],
    );
    expect(new Set(images).size).toBe(1);
  });
});

describe('the API', () => {
  test('gets no variable of Impact', () => {
    expect(Object.keys(api?.environment ?? {}).filter((name) => name.startsWith('IMPACT_'))).toEqual([]);
  });

  test('gets exactly the variables that it reads', async () => {
    const variables = configVariables.api;
    expect(variablesOf(api)).toEqual(expectedOf(variables));
  });

  test("needs only the issuer, the origins of the sites, the key of the users' ids and the password of MongoDB", () => {
    const config = loadApiConfig(environmentOf(api, EXAMPLE));
    expect(config.auth.users.issuer).toBe(REQUIRED.AUTH_ISSUER);
    expect(config.console).toBeNull();
    expect(config.auth.machines.scopes.size).toBe(0);
  });

  test.each([
    ['AUTH_ISSUER', /AUTH_ISSUER .*set it in \.env to who issues/],
    ['AUTH_AUTHORIZED_PARTIES', /AUTH_AUTHORIZED_PARTIES .*set it in \.env to the origins/],
    ['USER_ID_KEY', /USER_ID_KEY .*set it in \.env to a random secret/],
  ])('names %s if it is missing', (name, message) => {
    expect(() => environmentOf(api, { ...EXAMPLE, [name]: '' })).toThrow(message);
  });

  test('starts while Temporal is down', () => {
    expect(Object.keys(api?.depends_on ?? {})).toEqual(['mongodb']);
  });
});

describe('the worker', () => {
  test('gets exactly the variables that it reads', async () => {
    const variables = configVariables.worker;
    // Node itself reads NODE_OPTIONS.
    expect(variablesOf(worker)).toEqual(new Set([...expectedOf(variables), 'NODE_OPTIONS']));
  });

  test('runs without Impact credentials and skips conversions', () => {
    expect(loadWorkerConfig(environmentOf(worker, EXAMPLE)).impact.credentials).toBeNull();
  });

  test('may speak plain HTTP to the sandbox and to no other host', () => {
    const load = (url: string) =>
      loadWorkerConfig(environmentOf(worker, { ...EXAMPLE, IMPACT_BASE_URL: url }));
    expect(load('http://impact-sandbox:4010').impact.baseUrl).toBe('http://impact-sandbox:4010');
    expect(() => load('http://api.impact.com')).toThrow('IMPACT_BASE_URL: must begin with https://');
  });

  test('gets the Impact credentials of .env', () => {
    const variables = { ...EXAMPLE, IMPACT_ACCOUNT_SID: 'IRaccount', IMPACT_AUTH_TOKEN: 'secret' };
    const { impact } = loadWorkerConfig(environmentOf(worker, variables));
    expect(impact.credentials).toEqual({ accountSid: 'IRaccount', authToken: 'secret' });
  });

  test('is not killed before its calls to Impact are over', async () => {
    const source = await readProjectFile('src/temporal/workers.ts');
    const graceSeconds = Number(source.match(/SHUTDOWN_GRACE = '(\d+)s'/)?.[1]);
    expect(Number.parseInt(worker?.stop_grace_period ?? '', 10)).toBeGreaterThan(graceSeconds);
  });

  test('runs the image of the API', () => {
    expect([worker?.image, worker?.build]).toEqual([api?.image, api?.build]);
  });

  test('waits until Temporal knows the namespace and the search attributes', () => {
    expect(worker?.depends_on?.['temporal-namespace']?.condition).toBe('service_completed_successfully');
  });
});

describe('MongoDB', () => {
  test('is the replica set that the API and the worker connect to, with a user of their own', () => {
    const uri = environmentOf(worker, EXAMPLE).MONGODB_URI;
    expect(environmentOf(api, EXAMPLE).MONGODB_URI).toBe(uri);
    const { MONGODB_PASSWORD } = PASSWORDS;
    expect(uri).toBe(
      `mongodb://affiliate:${MONGODB_PASSWORD}@${mongodb?.hostname}:27017/affiliate?replicaSet=rs0`,
    );
    expect(mongodb?.command).toContain('--replSet=rs0');
  });

  test('creates its replica set under the name that others connect to', () => {
    expect(mongodb?.healthcheck?.test.join(' ')).toContain(`{ _id: 0, host: '${mongodb?.hostname}:27017' }`);
  });

  test('does not serve anyone without a password: a key for its members implies logins', () => {
    expect(mongodb?.command).toContain('--keyFile=/tmp/keyfile');
  });

  test('gives the user of API and worker one database, and its check needs that user’s login', () => {
    const check = mongodb?.healthcheck?.test.join(' ');
    expect(check).toContain("const user = { pwd, roles: ['readWrite'] }");
    expect(check).toContain("canLogIn(affiliate, 'affiliate', pwd)");
  });

  test('gets its key as a file that only it can read, new at each start', async () => {
    const [script = '', ...args] = mongodb?.command ?? [];
    const directory = await tempDir();
    const keyFile = join(directory, 'keyfile');
    // Stands in for the entrypoint of the image, which starts mongod.
    await writeFile(join(directory, 'docker-entrypoint.sh'), '#!/bin/sh\necho "$@"\n', { mode: 0o755 });
    const [shell = '', ...options] = mongodb?.entrypoint ?? [];
    const start = async () => {
      const command = script.replaceAll('$$', '$').replaceAll('/tmp/keyfile', keyFile);
      const env = { ...process.env, PATH: `${directory}:${process.env.PATH}` };
      const { stdout } = await promisify(execFile)(shell, [...options, command, ...args], { env });
      expect(stdout.trim()).toBe(args.join(' '));
      expect((await stat(keyFile)).mode & 0o777).toBe(0o400);
      return readFile(keyFile, 'utf8');
    };
    const key = await start();
    // https://www.mongodb.com/docs/manual/core/security-internal-authentication/#keyfiles: 6 to 1,024 characters of base64
    expect(key).toMatch(/^[A-Za-z0-9+/]{128}$/);
    expect(await start()).not.toBe(key);
  });
});

describe('a password', () => {
  const secret = /PASSWORD|PWD|USER_ID_KEY|MONGODB_URI/;
  const values = all.flatMap(([, { environment = {} }]) =>
    Object.entries(environment).flatMap(([name, value]) => (secret.test(name) ? [value] : [])),
  );

  test.each(Object.keys(PASSWORDS))('%s comes from .env, and Compose does not start without it', (name) => {
    for (const value of ['', undefined]) {
      const { [name]: _, ...others } = EXAMPLE;
      const variables = value === undefined ? others : { ...others, [name]: value };
      expect(() => all.map(([, service]) => environmentOf(service, variables))).toThrow(
        `required variable ${name} is missing a value: set it in .env`,
      );
    }
  });

  test('is nowhere in the file, but for that of a trial', () => {
    const ending = /^("?mongodb:\/\/affiliate:)?\$\{\w+:-\$\{AUTH_ISSUER\+\$\{\w+:\?[^}]+\}\}trial[\w-]*\}/;
    expect(values.length).toBeGreaterThan(6);
    expect(values.filter((value) => !ending.test(value))).toEqual([]);
  });

  test('is one of those that the head of the file creates', async () => {
    const head = await readProjectFile('docker-compose.yml');
    const created = head.match(/^# +for name in (.*?);/m)?.[1]?.split(' ');
    expect(created).toEqual(['USER_ID_KEY', ...Object.keys(PASSWORDS)]);
  });
});

describe('a container that an attacker has taken over', () => {
  const confined = (property: (service: Service) => unknown) =>
    namesOf(all.filter(([, service]) => !property(service)));

  test('has no capabilities, and cannot gain any', () => {
    expect(confined(({ cap_drop }) => cap_drop?.includes('ALL'))).toEqual([]);
    expect(confined(({ cap_add, privileged }) => !cap_add && !privileged)).toEqual([]);
    expect(confined(({ security_opt }) => security_opt?.includes('no-new-privileges:true'))).toEqual([]);
  });

  test('is not root', () => {
    // What this tree builds runs as the user that its Dockerfile names: see dockerfile.test.ts.
    expect(confined(({ user, build }) => build || /^[1-9]\d*:\d+$/.test(user ?? ''))).toEqual([]);
  });

  test('cannot write to its file system, except where Compose must put a config into it', () => {
    expect(confined(({ read_only }) => read_only)).toEqual(['temporal']);
    const inline = Object.keys(configs).filter((name) => configs[name]?.content);
    const withInline = all.filter(([, service]) =>
      service.configs?.some(({ source }) => inline.includes(source)),
    );
    expect(namesOf(withInline)).toEqual(['temporal']);
  });

  test('reaches only the services that it works with', () => {
    const members = Object.keys(networks).map((network) => [
      network,
      namesOf(all.filter(([, service]) => networksOf(service).includes(network))),
    ]);
    expect(confined((service) => networksOf(service).length)).toEqual([]);
    expect(Object.fromEntries(members)).toEqual({
      mongodb: ['api', 'worker', 'mongodb'],
      temporal: ['api', 'worker', 'temporal', 'temporal-namespace', 'temporal-ui'],
      'temporal-db': ['postgresql', 'temporal-schema', 'temporal'],
      issuer: ['api', 'token-issuer'],
      impact: ['worker', 'impact-sandbox'],
      metrics: ['api', 'worker', 'prometheus'],
      dashboards: ['prometheus', 'grafana'],
    });
  });

  test('has no way out if it is a database', () => {
    const isInternal = (network: string) => networks[network]?.internal;
    const closed = all.filter(([, service]) => networksOf(service).every(isInternal));
    expect(namesOf(closed)).toEqual(['mongodb', 'postgresql', 'temporal-schema']);
    expect(closed.filter(([, { ports }]) => ports)).toEqual([]);
  });
});

describe('Temporal', () => {
  const script = services['temporal-namespace']?.command?.join('\n') ?? '';
  const names = Object.values(SEARCH_ATTRIBUTES).map(({ name }) => name);

  test('has every search attribute registered as a keyword', () => {
    const registered = [...script.matchAll(/--name (\w+) --type (\w+)/g)].map(([, name, type]) => ({
      name,
      type: type?.toUpperCase(),
    }));
    expect(registered).toEqual(Object.values(SEARCH_ATTRIBUTES));
  });

  test('is set up once a query with every search attribute succeeds', () => {
    const query = script.match(/workflow count --query\s+\\?\s*"(.*)"/)?.[1];
    expect(query).toBe(names.map((name) => `${name} = 'x'`).join(' AND '));
  });

  test('has the namespace that the API and the worker use, with an explicit retention', () => {
    const { TEMPORAL_NAMESPACE } = services['temporal-namespace']?.environment ?? {};
    expect([api, worker].map((service) => service?.environment?.TEMPORAL_NAMESPACE)).toEqual([
      TEMPORAL_NAMESPACE,
      TEMPORAL_NAMESPACE,
    ]);
    expect(script).toMatch(/namespace create --retention \d+d/);
  });

  test('has its dynamic configuration, which the server needs to start', () => {
    // The default path of the server's embedded configuration.
    const target = '/etc/temporal/config/dynamicconfig/docker.yaml';
    expect(services.temporal?.configs?.map((config) => config.target)).toEqual([target]);
  });

  test('has the limits of the server that npm start and the tests run', () => {
    const settings = parse(configs['temporal-dynamic-config']?.content ?? '') as Record<
      string,
      [{ value: unknown }]
    >;
    const lines = Object.entries(settings).map(([key, [{ value }]]) => `${key}=${value}`);
    expect(lines).toEqual(PRODUCTION_CONFIG);
  });
});

describe('a trial, which has no .env', () => {
  const trial = {
    api: loadApiConfig(environmentOf(api, NONE)),
    worker: loadWorkerConfig(environmentOf(worker, NONE)),
  };

  test('runs the sandbox and the token issuer, which nothing else starts', () => {
    expect([sandbox?.profiles, issuer?.profiles]).toEqual([['sandbox'], ['sandbox']]);
  });

  test('reports to the sandbox, with the credentials that it accepts', () => {
    const { IMPACT_ACCOUNT_SID: accountSid, IMPACT_AUTH_TOKEN: authToken } = sandbox?.environment ?? {};
    expect(trial.worker.impact.credentials).toEqual({ accountSid, authToken });
    expect(trial.worker.impact.baseUrl).toBe('http://impact-sandbox:4010');
  });

  test('takes tokens of the issuer, and grants its machine each scope', () => {
    const { ISSUER_URL, PORT } = issuer?.environment ?? {};
    expect(trial.api.auth.users.issuer).toBe(ISSUER_URL);
    expect(issuer?.ports).toEqual([`127.0.0.1:${PORT}:${PORT}`]);
    expect([...trial.api.auth.machines.scopes]).toEqual([[LOCAL_MACHINE, SCOPES]]);
  });

  test('finds the issuer by one address, from a browser of this machine and from the API', () => {
    const { hostname, port } = new URL(issuer?.environment?.ISSUER_URL ?? '');
    expect(hostname).toMatch(/\.localhost$/);
    expect(port).toBe(issuer?.environment?.PORT);
    expect(issuer?.networks).toEqual({ issuer: { aliases: [hostname] } });
  });

  test('has the console, where the issuer signs managers in', () => {
    const { id: clientId, secret: clientSecret } = DEVELOPMENT_CONSOLE_CLIENT;
    expect(trial.api.console).toMatchObject({ clientId, clientSecret, publicUrl: 'http://127.0.0.1:3000' });
    expect(trial.api.console?.issuer).toBe(issuer?.environment?.ISSUER_URL);
  });

  test('shares no setting with a company that has a .env', () => {
    const settings = (variables: Variables) =>
      [api, worker, mongodb, services.postgresql].flatMap((service) =>
        Object.values(environmentOf(service, variables)),
      );
    const own = settings(NONE).filter((value) => /trial|sandbox|localhost|mch_local|development/.test(value));
    const ofCompany = new Set(settings(EXAMPLE));
    expect(own.length).toBeGreaterThan(10);
    expect(own.filter((value) => ofCompany.has(value) && value !== 'impact-sandbox')).toEqual([]);
  });

  test('gives real credentials to neither of the two', () => {
    for (const service of [sandbox, issuer])
      expect(environmentOf(service, EXAMPLE)).toEqual(
        environmentOf(service, { ...NONE, PROGRAMME_FILE: '' }),
      );
  });
});

test.each([
  'MACHINE_SCOPES',
  'CONSOLE_ISSUER',
  'CONSOLE_CLIENT_ID',
  'CONSOLE_CLIENT_SECRET',
  'CONSOLE_URL',
  'IMPACT_ACCOUNT_SID',
  'IMPACT_AUTH_TOKEN',
  'IMPACT_BASE_URL',
  'IMPACT_CONFIRM_AFTER',
])('a .env that lacks the line of %s is no trial', (name) => {
  const { [name]: _, ...others } = EXAMPLE;
  expect(() => [api, worker].map((service) => environmentOf(service, others))).toThrow(
    `required variable ${name} is missing a value: copy its line from .env.example`,
  );
});

describe('monitoring', () => {
  test('scrapes the API and the worker where they serve their metrics', async () => {
    const file = parse(await readProjectFile('monitoring/prometheus/prometheus.yml'));
    const targets = file.scrape_configs.flatMap(
      (job: { static_configs: { targets: string[] }[] }) => job.static_configs[0]?.targets,
    );
    const ports = {
      api: loadApiConfig(environmentOf(api, EXAMPLE)).metricsPort,
      worker: loadWorkerConfig(environmentOf(worker, EXAMPLE)).port,
    };
    expect(targets).toEqual([`api:${ports.api}`, `worker:${ports.worker}`]);
  });

  test('publishes no port of metrics', () => {
    const published = [api, worker].flatMap((service) => service?.ports ?? []);
    expect(published).toEqual([`127.0.0.1:\${PORT:-3000}:3000`]);
  });

  test('has the dashboard where Grafana looks for it', async () => {
    const { providers } = parse(await readProjectFile('monitoring/grafana/dashboards.yml'));
    const target = services.grafana?.configs?.find(({ source }) => source === 'grafana-dashboard')?.target;
    expect(target?.startsWith(`${providers[0].options.path}/`)).toBe(true);
    const { datasources } = parse(await readProjectFile('monitoring/grafana/datasource.yml'));
    expect(datasources[0].url).toBe('http://prometheus:9090');
  });
});

function namesOf(entries: [string, Service][]): string[] {
  return entries.map(([name]) => name);
}

function canMeet(service: Service | undefined, condition: string): boolean {
  if (condition === 'service_healthy') return Boolean(service?.healthcheck);
  return condition === 'service_completed_successfully' && service?.restart === 'no';
}

function variablesOf(service: Service | undefined): Set<string> {
  return new Set(Object.keys(service?.environment ?? {}));
}

function expectedOf(variables: string[]): Set<string> {
  return new Set([...variables, ...TEMPORAL_VARIABLES].filter((name) => !LEFT_TO_THE_IMAGE.includes(name)));
}
