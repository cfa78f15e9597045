import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import { parse } from 'yaml';
import { readProjectFile } from '../deployment/project-files.js';

export interface AlertRule {
  alert: string;
  expr: string;
  for?: string;
  labels: { severity: string };
  annotations: { summary: string; runbook: string };
}

export interface AlertsFile {
  groups: { name: string; rules: AlertRule[] }[];
}

export interface PrometheusFile {
  global: { scrape_interval: string; evaluation_interval: string };
  rule_files: string[];
  scrape_configs: { job_name: string; static_configs: { targets: string[] }[] }[];
}

export interface Panel {
  id: number;
  type: string;
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: { refId: string; expr: string }[];
}

export const PROMETHEUS_DIR = fileURLToPath(new URL('../../monitoring/prometheus/', import.meta.url));

export async function readAlerts(): Promise<AlertsFile> {
  return parse(await readProjectFile('monitoring/prometheus/alerts.yml'));
}

export async function readPrometheusFile(): Promise<PrometheusFile> {
  return parse(await readProjectFile('monitoring/prometheus/prometheus.yml'));
}

export async function readDashboard(): Promise<{
  panels: Panel[];
  templating: { list: { name: string }[] };
}> {
  return JSON.parse(await readProjectFile('monitoring/grafana/dashboard.json'));
}

/** Reads every Prometheus expression in monitoring/, with its place. It replaces Grafana's own variable by a value. */
export async function readExpressions(): Promise<{ where: string; expr: string }[]> {
  const { groups } = await readAlerts();
  const rules = groups.flatMap(({ rules }) => rules).map(({ alert, expr }) => ({ where: alert, expr }));
  const { panels } = await readDashboard();
  const queries = panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ refId, expr }) => ({
      where: `${title} ${refId}`,
      expr: expr.replaceAll('$__rate_interval', '1m'),
    })),
  );
  return [...rules, ...queries];
}

/** Lists the service's metrics in an expression, with the labels that the expression filters by. */
export function metricsIn({ where, expr }: { where: string; expr: string }) {
  return [...expr.matchAll(/\b((?:affiliate|temporal|process|nodejs)_\w+)(?:\{([^}]*)\})?/g)].map(
    ([, name = '', matchers = '']) => ({
      where,
      name,
      labels: [...matchers.matchAll(/(\w+)(?:=|!)/g)].map(([, label]) => String(label)),
    }),
  );
}

/** @returns promtool's output and its exit code, 0 for success */
export async function promtool(args: string[], cwd = PROMETHEUS_DIR) {
  const run = promisify(execFile)(inject('promtoolPath'), args, { cwd });
  return run.then(
    ({ stdout, stderr }) => ({ exitCode: 0, output: stdout + stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
      exitCode: code,
      output: stdout + stderr,
    }),
  );
}
