import { join } from 'node:path';
import { claimDataDir } from '../data-dir.js';
import { createSandboxCaller } from '../impact-sandbox/caller.js';
import { freePorts } from '../ports.js';
import { startTokenIssuer } from '../token-issuer.js';
import { createLaunchers, mongoUriOf, PROJECT } from './launch.js';
import { createLink, type Link } from './link.js';
import { LINKS, type LinkName, PROCESSES, type ProcessName } from './names.js';
import { createSupervisor } from './supervisor.js';

export type System = Awaited<ReturnType<typeof startSystem>>;

interface SystemOptions {
  dataDir: string;
  /** Of the two, how many run. */
  workers?: readonly ('worker-1' | 'worker-2')[];
  workerSettings: Record<string, string>;
  programmeFile?: string;
  dynamicConfig?: readonly string[];
  /** Where another build lies, which the API and the workers run at first. */
  from?: string | undefined;
  say: (line: string) => void;
}

/** Real processes on loopback, with a link before each one; the API and the workers run the production build. */
export async function startSystem(options: SystemOptions) {
  const { dataDir, from = PROJECT, say, workers = ['worker-1', 'worker-2'], ...given } = options;
  const settings = { dynamicConfig: [], ...given };
  const directory = await claimDataDir(dataDir, say);
  const journal = join(directory.root, 'impact.jsonl');
  const issuer = await startTokenIssuer({ keyFile: directory.issuerKey });
  const { issuerUrl } = issuer;
  const ports = await freePorts([...PROCESSES, 'metrics']);
  const links = await createLinks({ ...ports, issuer: Number(new URL(issuerUrl).port) });
  const builds = new Map<ProcessName, string>(PROCESSES.map((name) => [name, from]));
  const launchers = createLaunchers({ directory, journal, ports, links, issuerUrl, builds, ...settings });
  const supervisor = createSupervisor({ launchers, links, say });

  async function stop(): Promise<void> {
    await supervisor.stopAll();
    for (const link of Object.values(links)) link.close('end');
    await issuer.stop();
    await directory.release();
  }

  try {
    for (const part of [['mongod', 'temporal', 'impact'] as const, ['api', ...workers] as const])
      await Promise.all(part.map(supervisor.start));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    ...supervisor,
    root: directory.root,
    data: { mongod: directory.mongod, temporal: directory.temporalDb },
    journal,
    issuer,
    links,
    /** From its next start on, the process runs the build of this tree. */
    useThisBuild: (name: ProcessName) => void builds.set(name, PROJECT),
    apiUrl: `http://127.0.0.1:${links['client→api'].port}`,
    /** Not through a link: for the run itself. */
    direct: {
      mongoUri: mongoUriOf(ports.mongod),
      temporalAddress: `127.0.0.1:${ports.temporal}`,
      apiMetricsUrl: `http://127.0.0.1:${ports.metrics}/metrics`,
      workerMetricsUrl: `http://127.0.0.1:${ports['worker-1']}/metrics`,
    },
    sandbox: createSandboxCaller(`http://127.0.0.1:${ports.impact}`),
    stop,
  };
}

async function createLinks(ports: Record<ProcessName | 'issuer', number>) {
  const created = Object.entries(LINKS).map(
    async ([name, target]) => [name, await createLink(ports[target])] as const,
  );
  return Object.fromEntries(await Promise.all(created)) as Record<LinkName, Link>;
}
