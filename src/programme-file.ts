import { readFileSync } from 'node:fs';
import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { z } from 'zod';
import { defaultProgramme } from './domain/programme/default-programme.js';
import { createProgramme, type Programme } from './domain/programme/programme.js';
import { programmeSchema } from './domain/programme/schema.js';
import { TYPES } from './domain/programme/types/index.js';
import { ConfigError } from './variables.js';

/**
 * The programme of a company, from its file.
 * @param path by default the built-in programme
 * @throws ConfigError that names the line of each fault
 */
export function loadProgramme(path: string | undefined): Programme {
  if (path === undefined) return defaultProgramme;
  const { programme, faults } = checkProgramme(readFile(path));
  if (programme) return programme;
  throw new ConfigError(faults.map((fault) => `PROGRAMME_FILE: ${path}:${fault}`));
}

function readFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError([`PROGRAMME_FILE: ${(error as Error).message}`], { cause: error });
  }
}

type Checked = { programme: Programme; faults: [] } | { programme?: undefined; faults: string[] };

/** @returns faults as `line: what is wrong` */
export function checkProgramme(text: string): Checked {
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { disallowComments: true });
  const at = (offset: number, message: string) => `${lineOf(text, offset)}: ${message}`;
  if (errors.length > 0 || !tree)
    return {
      faults: errors.map(({ error, offset }) => at(offset, `no JSON: ${printParseErrorCode(error)}`)),
    };
  const repeated = repeatedNames(tree).map(({ offset, value }) => at(offset, `"${value}" stands here twice`));
  if (repeated.length > 0) return { faults: repeated };
  const { success, data, error } = programmeSchema(TYPES).safeParse(JSON.parse(text), { error: describe });
  if (success) return { programme: createProgramme(data), faults: [] };
  return { faults: error.issues.flatMap((issue) => issueFaults(issue, tree, at)) };
}

function issueFaults(
  issue: z.core.$ZodIssue,
  tree: Node,
  at: (offset: number, message: string) => string,
): string[] {
  const path = issue.path.map(String);
  if (issue.code !== 'unrecognized_keys') return [at(offsetOf(tree, path), named(path, issue.message))];
  return issue.keys.map((key) => at(offsetOf(tree, [...path, key]), named([...path, key], 'is unknown')));
}

function named(path: string[], message: string): string {
  return path.length === 0 ? message : `${path.join('.')} ${message}`;
}

/** Of the value's name, or of the nearest object around a value that is missing. */
function offsetOf(tree: Node, path: string[]): number {
  for (let known = path; known.length > 0; known = known.slice(0, -1)) {
    const node = findNodeAtLocation(tree, known);
    if (node) return node.parent?.type === 'property' ? node.parent.offset : node.offset;
  }
  return tree.offset;
}

function repeatedNames(node: Node): Node[] {
  const children = node.children ?? [];
  const names = node.type === 'object' ? children.flatMap(({ children: [name] = [] }) => name ?? []) : [];
  const repeated = names.filter(
    ({ value }, index) => names.findIndex((name) => name.value === value) < index,
  );
  return [...repeated, ...children.flatMap(repeatedNames)];
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** Says what the value must be. A schema's own message comes first. */
function describe(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'invalid_type')
    return issue.input === undefined
      ? 'is missing'
      : `must be ${issue.expected === 'int' ? 'a whole number' : `a ${issue.expected}`}`;
  if (issue.code === 'too_small') return `must be at least ${issue.minimum}`;
  if (issue.code === 'too_big') return `must be at most ${issue.maximum}`;
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.join(', ')}`;
  if (issue.code === 'invalid_key') return 'must be 1 to 39 of a-z, 0-9 and _, beginning with a letter';
  return undefined;
}
