import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadApiConfig, loadWorkerConfig } from '../../src/config.js';
import { SEARCH_ATTRIBUTES } from '../../src/domain/workflow-names.js';
import { environmentOf, readComposeFile, type Service } from './compose-file.js';
import { configVariables, readProjectFile } from './project-files.js';

const { services, volumes, configs } = await readComposeFile();
const { api, worker, mongodb, 'impact-sandbox': sandbox } = services;
const all = Object.entries(services);
const longRunning = all.filter(([, service]) => service.restart !== 'no');

const REQUIRED = {
  AUTH_ISSUER: 'https://clerk.example.com',
  AUTH_AUTHORIZED_PARTIES: 'https://app.example.com',
  USER_ID_KEY: 'k'.repeat(32),
};
const TEMPORAL_VARIABLES = ['TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE'];
/** The image sets the address to listen on, and the defaults set the port. */
const LEFT_TO_THE_IMAGE = ['HOST', 'PORT', 'METRICS_PORT'];

describe('every service', () => {
  test('runs an image of an exact version, or is built from this tree', () => {
    const loose = all.filter(
      ([, { image, build }]) => !build && !/:v?\d+(\.\d+)+(-[a-z]+)?$/.test(image ?? ''),
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
    expect(mounted).toEqual(Object.keys(configs));
  });

  test('reads configs whose files exist', async () => {
    const files = Object.values(configs).flatMap(({ file }) => file ?? []);
    for (const file of files) expect(await readProjectFile(file)).not.toBe('');
  });

  test('runs by default, unless it is for trials or for monitoring', () => {
    const profiles = all.flatMap(
      ([name, service]) => service.profiles?.map((profile) => [name, profile]) ?? [],
    );
    expect(profiles).toEqual([
      ['impact-sandbox', 'sandbox'],
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

  test("needs only the issuer, the origins of the sites and the key of the users' ids", () => {
    const config = loadApiConfig(environmentOf(api, REQUIRED));
    expect(config.auth.issuer).toBe(REQUIRED.AUTH_ISSUER);
  });

  test.each([
    ['AUTH_ISSUER', /AUTH_ISSUER .*set it in \.env to who issues/],
    ['AUTH_AUTHORIZED_PARTIES', /AUTH_AUTHORIZED_PARTIES .*set it in \.env to the origins/],
    ['USER_ID_KEY', /USER_ID_KEY .*set it in \.env to a random secret/],
  ])('names %s if it is missing', (name, message) => {
    expect(() => environmentOf(api, { ...REQUIRED, [name]: '' })).toThrow(message);
  });

  test('starts while Temporal is down', () => {
    expect(Object.keys(api?.depends_on ?? {})).toEqual(['mongodb']);
  });
});

describe('the worker', () => {
  test('gets exactly the variables that it reads', async () => {
    const variables = configVariables.worker;
    expect(variablesOf(worker)).toEqual(expectedOf(variables));
  });

  test('runs without Impact credentials and skips conversions', () => {
    expect(loadWorkerConfig(environmentOf(worker, {})).impact.credentials).toBeNull();
  });

  test('may speak plain HTTP to the sandbox and to no other host', () => {
    const load = (url: string) => loadWorkerConfig(environmentOf(worker, { IMPACT_BASE_URL: url }));
    expect(load('http://impact-sandbox:4010').impact.baseUrl).toBe('http://impact-sandbox:4010');
    expect(() => load('http://api.impact.com')).toThrow('IMPACT_BASE_URL: must begin with https://');
  });

  test('gets the Impact credentials of .env', () => {
    const variables = { IMPACT_ACCOUNT_SID: 'IRaccount', IMPACT_AUTH_TOKEN: 'secret' };
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
  test('is the replica set that the API and the worker connect to', () => {
    const uri = environmentOf(worker, {}).MONGODB_URI;
    expect(environmentOf(api, REQUIRED).MONGODB_URI).toBe(uri);
    expect(uri).toBe(`mongodb://${mongodb?.hostname}:27017/affiliate?replicaSet=rs0`);
    expect(mongodb?.command).toContain('--replSet=rs0');
  });

  test('creates its replica set under the name that others connect to', () => {
    expect(mongodb?.healthcheck?.test.join(' ')).toContain(`{ _id: 0, host: '${mongodb?.hostname}:27017' }`);
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
});

describe('the sandbox', () => {
  test('runs only on request', () => {
    expect(sandbox?.profiles).toEqual(['sandbox']);
  });

  test('never gets the real credentials', () => {
    const variables = { IMPACT_ACCOUNT_SID: 'IRaccount', IMPACT_AUTH_TOKEN: 'secret' };
    expect(environmentOf(sandbox, variables)).toEqual(environmentOf(sandbox, {}));
  });

  test('accepts the credentials that the head of the file names', async () => {
    const text = await readProjectFile('docker-compose.yml');
    const told = [...(text.match(/^# +export .*/m)?.[0] ?? '').matchAll(/(IMPACT_\w+)=(\S+)/g)];
    expect(Object.fromEntries(told.map(([, name, value]) => [name, value]))).toEqual({
      IMPACT_BASE_URL: 'http://impact-sandbox:4010',
      ...sandbox?.environment,
    });
  });
});

describe('monitoring', () => {
  test('scrapes the API and the worker where they serve their metrics', async () => {
    const file = parse(await readProjectFile('monitoring/prometheus/prometheus.yml'));
    const targets = file.scrape_configs.flatMap(
      (job: { static_configs: { targets: string[] }[] }) => job.static_configs[0]?.targets,
    );
    const ports = {
      api: loadApiConfig(environmentOf(api, REQUIRED)).metricsPort,
      worker: loadWorkerConfig(environmentOf(worker, {})).port,
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
