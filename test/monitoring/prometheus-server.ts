import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inject } from 'vitest';
import { stringify } from 'yaml';
import { startChild } from '../../dev/child.js';
import { freePort } from '../../dev/ports.js';
import { readAlerts, readPrometheusFile } from './files.js';

export interface FiringAlert {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  state: 'pending' | 'firing';
}

/** Starts a real Prometheus with the shipped files. It replaces only the service's addresses and the intervals. */
export async function startPrometheus(directory: string, targets: Record<string, string>) {
  const port = await freePort();
  await writeFile(join(directory, 'alerts.yml'), stringify(await impatientAlerts()));
  await writeFile(join(directory, 'prometheus.yml'), stringify(await configFor(targets)));
  const child = await startChild({
    name: 'prometheus',
    command: inject('prometheusPath'),
    args: [
      // Prometheus's pages show this path, so it is a relative one.
      '--config.file=prometheus.yml',
      '--storage.tsdb.path=data',
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
    ],
    cwd: directory,
    logFile: join(directory, 'prometheus.log'),
  });

  async function get<T>(path: string): Promise<T> {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    if (!response.ok) throw new Error(`Prometheus answered ${response.status}`);
    return ((await response.json()) as { data: T }).data;
  }

  return {
    url: `http://127.0.0.1:${port}`,
    alerts: async () => (await get<{ alerts: FiringAlert[] }>('/api/v1/alerts')).alerts,
    /** Returns the health of each target, by job. */
    async targets() {
      const { activeTargets } = await get<{ activeTargets: { labels: { job: string }; health: string }[] }>(
        '/api/v1/targets',
      );
      return Object.fromEntries(activeTargets.map(({ labels, health }) => [labels.job, health]));
    },
    stop: () => child.stop(),
  };
}

/** Shortens each `for` of minutes to one second. A `for` of hours stays. */
async function impatientAlerts() {
  const { groups } = await readAlerts();
  return {
    groups: groups.map(({ name, rules }) => ({
      name,
      rules: rules.map((rule) => ({ ...rule, for: rule.for?.endsWith('m') ? '1s' : rule.for })),
    })),
  };
}

async function configFor(targets: Record<string, string>) {
  const config = await readPrometheusFile();
  return {
    ...config,
    global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '500ms' },
    scrape_configs: config.scrape_configs.map((job) => ({
      ...job,
      static_configs: [{ targets: [targets[job.job_name]] }],
    })),
  };
}
