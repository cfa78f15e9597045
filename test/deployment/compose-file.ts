import { parse } from 'yaml';
import { readProjectFile } from './project-files.js';

export interface Service {
  image?: string;
  build?: { target: string };
  profiles?: string[];
  hostname?: string;
  user?: string;
  networks?: string[] | Record<string, { aliases?: string[] }>;
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

/** What .env has. */
export type Variables = Record<string, string | undefined>;

export async function readComposeFile(): Promise<ComposeFile> {
  return parse(await readProjectFile('docker-compose.yml'), { merge: true });
}

/**
 * A container's environment for these variables in .env. Compose knows `${NAME}`, and behind the name `-default`, `+other` and
 * `?message`, of which a colon before the sign treats an empty variable as a missing one; they may contain each other.
 * https://docs.docker.com/reference/compose-file/interpolation/
 */
export function environmentOf(service: Service | undefined, variables: Variables) {
  const entries = Object.entries(service?.environment ?? {});
  return Object.fromEntries(entries.map(([name, value]) => [name, interpolate(value, variables)]));
}

export function interpolate(text: string, variables: Variables): string {
  const start = text.indexOf('${');
  if (start < 0) return text;
  const end = closingBrace(text, start);
  const [, name = '', sign, rest = ''] = /^(\w+)(:?[-+?])?(.*)$/s.exec(text.slice(start + 2, end)) ?? [];
  const value = variables[name];
  const isThere = sign?.startsWith(':') ? Boolean(value) : value !== undefined;
  return text.slice(0, start) + resolve() + interpolate(text.slice(end + 1), variables);

  function resolve(): string {
    if (sign?.endsWith('+')) return isThere ? interpolate(rest, variables) : '';
    if (isThere || sign === undefined) return value ?? '';
    if (sign.endsWith('?')) throw new Error(`required variable ${name} is missing a value: ${rest}`);
    return interpolate(rest, variables);
  }
}

function closingBrace(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    if (text.startsWith('${', at)) depth++;
    if (text[at] === '}' && --depth === 0) return at;
  }
  throw new Error(`a brace is not closed: ${text}`);
}

export function networksOf({ networks = [] }: Service): string[] {
  return Array.isArray(networks) ? networks : Object.keys(networks);
}
