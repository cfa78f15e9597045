import { readdir } from 'node:fs/promises';
import { describe, expect, it, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { loadApiConfig, loadWorkerConfig } from '../../src/config.js';
import { checkProgramme } from '../../src/programme-file.js';
import { readPage } from '../docs/pages.js';
import { unknownVariables } from '../docs/variables.js';
import { readComposeFile } from './compose-file.js';
import { type Container, type Deployment, type Manifest, ofKind, resolveVariables } from './manifests.js';
import { readProjectFile } from './project-files.js';

/** No cluster runs here: the manifests are compared with the code, the Dockerfile and docker-compose.yml. */
const FOLDER = 'examples/kubernetes';
const { resources } = parse(await readProjectFile(`${FOLDER}/kustomization.yaml`));
const manifests = await readManifests();
const deployments = ofKind<Deployment>(manifests, 'Deployment');
const api = containerOf('affiliate-api');
const worker = containerOf('affiliate-worker');
const { services } = await readComposeFile();

async function readManifests(): Promise<Manifest[]> {
  const files = await Promise.all(
    resources.map((name: string) => readProjectFile(`${FOLDER}/${name}`)) as Promise<string>[],
  );
  return files.flatMap((text) => parseAllDocuments(text).map((document) => document.toJS() as Manifest));
}

function podOf(name: string) {
  const deployment = deployments.find(({ metadata }) => metadata.name === name);
  if (!deployment) throw new Error(`there is no Deployment ${name}`);
  return deployment.spec.template;
}

function containerOf(name: string): Container {
  const [container] = podOf(name).spec.containers;
  if (!container) throw new Error(`${name} has no container`);
  return container;
}

const SECRETS = {
  MONGODB_URI: 'mongodb://127.0.0.1/affiliate?replicaSet=rs0',
  USER_ID_KEY: 'k'.repeat(32),
  IMPACT_ACCOUNT_SID: 'IRaccount',
  IMPACT_AUTH_TOKEN: 'secret',
};

describe('the manifests', () => {
  it('are all applied', async () => {
    const files = (await readdir(new URL(`../../${FOLDER}/`, import.meta.url))).filter((name) =>
      name.endsWith('.yaml'),
    );
    expect(new Set(files)).toEqual(new Set([...resources, 'kustomization.yaml']));
  });

  it('are of kinds that Kubernetes has, each in its version', () => {
    const versions = Object.fromEntries(manifests.map(({ kind, apiVersion }) => [kind, apiVersion]));
    expect(versions).toEqual({
      ConfigMap: 'v1',
      Deployment: 'apps/v1',
      Service: 'v1',
      PodDisruptionBudget: 'policy/v1',
      NetworkPolicy: 'networking.k8s.io/v1',
    });
  });

  it('select pods that are there', () => {
    const labels = deployments.map(({ spec }) => spec.template.metadata.labels);
    for (const { spec } of deployments)
      expect(spec.selector.matchLabels).toEqual(spec.template.metadata.labels);
    for (const { spec } of ofKind(manifests, 'Service')) expect(labels).toContainEqual(spec.selector);
    for (const { spec } of ofKind(manifests, 'PodDisruptionBudget'))
      expect(labels).toContainEqual(spec.selector.matchLabels);
    for (const { spec } of ofKind(manifests, 'NetworkPolicy'))
      expect(labels).toContainEqual(spec.podSelector.matchLabels);
  });

  it('hold no secret, and the page creates those that they refer to', async () => {
    expect(ofKind(manifests, 'Secret')).toEqual([]);
    const referred = [api, worker].flatMap(({ env = [] }) =>
      env.flatMap(({ valueFrom }) =>
        valueFrom ? `${valueFrom.secretKeyRef.name} ${valueFrom.secretKeyRef.key}` : [],
      ),
    );
    const { blocks } = await readPage(`${FOLDER}/README.md`);
    const commands = blocks.flatMap(({ text }) => text.replaceAll('\\\n', ' ').split('\n'));
    const created = commands.flatMap((command) => {
      const [, secret] = /create secret generic (\S+)/.exec(command) ?? [];
      return [...command.matchAll(/--from-literal=(\w+)/g)].map(([, key]) => `${secret} ${key}`);
    });
    expect(new Set(created)).toEqual(new Set(referred));
  });

  it('have a programme that the service takes, where its variable says', () => {
    const text = ofKind(manifests, 'ConfigMap').find(
      ({ metadata }) => metadata.name === 'affiliate-programme',
    )?.data['programme.json'];
    expect(checkProgramme(text).faults).toEqual([]);
    for (const container of [api, worker]) {
      const path = resolveVariables(manifests, container).PROGRAMME_FILE ?? '';
      expect(container.volumeMounts.map(({ mountPath }) => `${mountPath}/programme.json`)).toContain(path);
    }
  });
});

describe('the processes', () => {
  /** The programme's file is in the container alone. */
  const environmentOf = (container: Container) => ({
    ...SECRETS,
    ...resolveVariables(manifests, container),
    PROGRAMME_FILE: '',
  });

  it.each([
    ['API', api],
    ['worker', worker],
  ])('of the %s gets variables that the service knows', (_name, container) => {
    const { NODE_OPTIONS: _nodes, ...variables } = resolveVariables(manifests, container);
    const names = [...Object.keys(variables), ...(container.env ?? []).map(({ name }) => name)];
    const ours = names.filter((name) => name !== 'NODE_OPTIONS');
    expect(unknownVariables(ours.map((name) => `${name}=x`).join('\n'))).toEqual([]);
  });

  it('start with them, where the probes, the Service and Prometheus look', () => {
    const { port, metricsPort } = loadApiConfig(environmentOf(api));
    expect(api.ports).toEqual([
      { name: 'http', containerPort: port },
      { name: 'metrics', containerPort: metricsPort },
    ]);
    expect(worker.ports).toEqual([
      { name: 'metrics', containerPort: loadWorkerConfig(environmentOf(worker)).port },
    ]);
    expect(ofKind(manifests, 'Service').map(({ spec }) => spec.ports)).toEqual([
      [{ name: 'http', port: 80, targetPort: 'http' }],
    ]);
  });

  it('are asked for their health where they answer', async () => {
    const paths = [...(await readProjectFile('src/health.ts')).matchAll(/\.route\('(.+)'\)/g)].map(
      ([, path]) => path,
    );
    for (const [container, port] of [
      [api, 'http'],
      [worker, 'metrics'],
    ] as const)
      expect([container.livenessProbe.httpGet, container.readinessProbe.httpGet]).toEqual(
        paths.map((path) => ({ path, port })),
      );
  });

  it('are those of docker-compose.yml, from one image', () => {
    expect(api.image).toBe(worker.image);
    expect(api.command).toEqual(services.api?.command);
    expect(worker.command).toEqual(services.worker?.command);
    expect(resolveVariables(manifests, worker).NODE_OPTIONS).toBe(services.worker?.environment?.NODE_OPTIONS);
  });

  test.each(['api', 'worker'])('the %s has the time to stop that it has with Compose', (name) => {
    const seconds = podOf(`affiliate-${name}`).spec.terminationGracePeriodSeconds;
    const needed =
      name === 'worker' ? Number.parseInt(services.worker?.stop_grace_period ?? '', 10) : 5 + 10 + 5;
    expect(seconds).toBeGreaterThanOrEqual(needed);
  });

  it('never give the API the credentials of Impact', () => {
    const names = [
      ...Object.keys(resolveVariables(manifests, api)),
      ...(api.env ?? []).map(({ name }) => name),
    ];
    expect(names.filter((name) => name.startsWith('IMPACT_'))).toEqual([]);
  });

  it('run as the user of the Dockerfile, and are confined as with Compose', async () => {
    const user = /^USER (\d+):(\d+)$/m.exec(
      (await readProjectFile('Dockerfile')).split(' AS service')[1] ?? '',
    );
    for (const name of ['affiliate-api', 'affiliate-worker']) {
      expect(podOf(name).spec.securityContext).toEqual({
        runAsNonRoot: true,
        runAsUser: Number(user?.[1]),
        runAsGroup: Number(user?.[2]),
        seccompProfile: { type: 'RuntimeDefault' },
      });
      expect(containerOf(name).securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(containerOf(name).volumeMounts.map(({ mountPath }) => mountPath)).toContain('/tmp');
    }
  });
});
