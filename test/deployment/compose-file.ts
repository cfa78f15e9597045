import { parse } from 'yaml';
import { readProjectFile } from './project-files.js';

export interface Service {
  image?: string;
  build?: { target: string };
  profiles?: string[];
  hostname?: string;
  user?: string;
  networks?: string[];
  cap_drop?: string[];
  cap_add?: string[];
  security_opt?: string[];
  read_only?: boolean;
  privileged?: boolean;
  tmpfs?: string[];
  entrypoint?: string[];
  command?: string[];
  environment?: Record<string, string>;
  ports?: string[];
  volumes?: string[];
  configs?: { source: string; target: string }[];
  restart?: string;
  stop_grace_period?: string;
  healthcheck?: { test: string[] };
  depends_on?: Record<string, { condition: string }>;
}

export interface ComposeFile {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
  configs: Record<string, { content?: string; file?: string }>;
  networks: Record<string, { internal?: boolean }>;
}

export async function readComposeFile(): Promise<ComposeFile> {
  return parse(await readProjectFile('docker-compose.yml'), { merge: true });
}

/** A container's environment for these variables in .env: resolves `${NAME:-default}`, `${NAME:+other}` and `${NAME:?message}`. */
export function environmentOf(service: Service | undefined, variables: Record<string, string>) {
  const entries = Object.entries(service?.environment ?? {});
  return Object.fromEntries(entries.map(([name, value]) => [name, interpolate(value, variables)]));
}

export function interpolate(value: string, variables: Record<string, string>): string {
  return value.replace(/\$\{(\w+)(?::([-+?])(.*))?\}/g, (_all, name, operator, rest) => {
    if (operator === '+') return variables[name] ? rest : '';
    if (variables[name]) return variables[name];
    if (operator === '?') throw new Error(`required variable ${name} is missing a value: ${rest}`);
    return rest ?? '';
  });
}
