/** The parts of Kubernetes' objects that the tests read. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string };
  // biome-ignore lint/suspicious/noExplicitAny: each kind has its own.
  spec: any;
  // biome-ignore lint/suspicious/noExplicitAny: of a ConfigMap.
  data: any;
}

interface Probe {
  httpGet: { path: string; port: string };
}

export interface Container {
  image: string;
  command?: string[];
  envFrom: { configMapRef: { name: string } }[];
  env?: { name: string; value?: string; valueFrom?: { secretKeyRef: { name: string; key: string } } }[];
  ports: { name: string; containerPort: number }[];
  livenessProbe: Probe;
  readinessProbe: Probe;
  securityContext: object;
  volumeMounts: { name: string; mountPath: string }[];
}

export interface Deployment extends Manifest {
  spec: {
    selector: { matchLabels: object };
    template: {
      metadata: { labels: object };
      spec: { securityContext: object; terminationGracePeriodSeconds: number; containers: Container[] };
    };
  };
}

export function ofKind<T extends Manifest = Manifest>(manifests: readonly Manifest[], kind: string): T[] {
  return manifests.filter((manifest): manifest is T => manifest.kind === kind);
}

/** What a container finds in its environment, without the secrets. */
export function resolveVariables(
  manifests: readonly Manifest[],
  { envFrom, env = [] }: Container,
): Record<string, string> {
  const maps = envFrom.map(({ configMapRef: { name } }) => {
    const map = ofKind(manifests, 'ConfigMap').find(({ metadata }) => metadata.name === name);
    if (!map) throw new Error(`there is no ConfigMap ${name}`);
    return map.data as Record<string, string>;
  });
  const own = env.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value] as const]));
  return Object.assign({}, ...maps, Object.fromEntries(own));
}
