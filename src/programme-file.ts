import { readFileSync } from 'node:fs';
import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { z } from 'zod';
import { defaultProgramme } from './domain/programme/default-programme.js';
import { createProgramme, type Programme } from './domain/programme/programme.js';
import { EVENT_ID_FORM, programmeSchema } from './domain/programme/schema.js';
import { TYPES } from './domain/programme/types/index.js';
import { ConfigError } from './variables.js';

export interface ProgrammeFault {
  line: number;
  message: string;
}

type Checked = { programme: Programme; faults: [] } | { programme?: undefined; faults: ProgrammeFault[] };

/**
 * The programme of a company, from its file.
 * @param path by default the built-in programme
 * @throws ConfigError that names the line of each fault
 */
export function loadProgramme(path: string | undefined): Programme {
  if (path === undefined) return defaultProgramme;
  const { programme, faults } = checkProgramme(readFile(path));
  if (programme) return programme;
  throw new ConfigError(faults.map(({ line, message }) => `PROGRAMME_FILE: ${path}:${line}: ${message}`));
}

function readFile(path: string): string {
  try {
    return readProgrammeFile(path);
  } catch (error) {
    throw new ConfigError([`PROGRAMME_FILE: ${(error as Error).message}`], { cause: error });
  }
}

/** @throws Error that names the file */
export function readProgrammeFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Error(`${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

/** Everything that is wrong with the text of a file. A text that is no JSON has one fault, where it stops being JSON. */
export function checkProgramme(text: string): Checked {
  // Editors on Windows begin a file with a byte order mark, which is no JSON.
  const json = text.replace(/^\uFEFF/, '');
  const faultAt = (offset: number, message: string) => ({ line: lineOf(json, offset), message });
  const errors: ParseError[] = [];
  const tree = parseTree(json, errors, { disallowComments: true });
  const [first] = errors;
  if (json.trim() === '') return { faults: [faultAt(0, 'the file is empty')] };
  if (first || !tree) return { faults: [faultAt(first?.offset ?? 0, syntaxFault(first))] };
  const wrongNames = nameFaults(tree);
  if (wrongNames.length > 0)
    return { faults: wrongNames.map(({ name, fault }) => faultAt(name.offset, fault)) };
  const { success, data, error } = programmeSchema(TYPES).safeParse(JSON.parse(json), { error: describe });
  if (success) return { programme: createProgramme(data), faults: [] };
  const faults = error.issues
    .flatMap(pathFaults)
    .map(({ path, fault }) => faultAt(offsetOf(tree, path), named(path, fault)));
  return { faults: faults.toSorted((one, other) => one.line - other.line) };
}

/** `CommaExpected` is `is no JSON: comma expected`. */
function syntaxFault(error: ParseError | undefined): string {
  const code = error ? printParseErrorCode(error.error) : 'ValueExpected';
  return `is no JSON: ${code.replace(/\B[A-Z]/g, ' $&').toLowerCase()}`;
}

/** Names that JSON allows, and that would be lost without a word. */
function nameFaults(node: Node): { name: Node; fault: string }[] {
  const children = node.children ?? [];
  const names = node.type === 'object' ? children.flatMap(({ children: [name] = [] }) => name ?? []) : [];
  const faults = names.flatMap((name, index) => {
    if (name.value === '__proto__') return [{ name, fault: '__proto__ is no name' }];
    const isRepeated = names.findIndex(({ value }) => value === name.value) < index;
    return isRepeated ? [{ name, fault: `"${name.value}" stands here twice` }] : [];
  });
  return [...faults, ...children.flatMap(nameFaults)];
}

function pathFaults(issue: z.core.$ZodIssue): { path: string[]; fault: string }[] {
  const path = issue.path.map(String);
  if (issue.code !== 'unrecognized_keys') return [{ path, fault: issue.message }];
  return issue.keys.map((key) => ({ path: [...path, key], fault: 'is unknown' }));
}

function named(path: string[], fault: string): string {
  return path.length === 0 ? `the programme ${fault}` : `${path.join('.')} ${fault}`;
}

/** Of the value's name, or of the nearest object around a value that is missing. */
function offsetOf(tree: Node, path: string[]): number {
  for (let known = path; known.length > 0; known = known.slice(0, -1)) {
    const node = findNodeAtLocation(tree, known);
    if (node) return node.parent?.type === 'property' ? node.parent.offset : node.offset;
  }
  return tree.offset;
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

const EXPECTED: Readonly<Record<string, string>> = {
  int: 'a whole number',
  record: 'an object',
  object: 'an object',
};

/** Says what the value must be. A schema's own message comes first. */
function describe(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.input === undefined) return 'is missing';
  const isText = issue.origin === 'string';
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${EXPECTED[issue.expected] ?? `a ${issue.expected}`}`;
    case 'too_small':
      return isText ? 'must not be empty' : `must be at least ${issue.minimum}`;
    case 'too_big':
      return `must ${isText ? 'have' : 'be'} at most ${issue.maximum}${isText ? ' characters' : ''}`;
    case 'invalid_value':
      return `must be one of ${issue.values.join(', ')}`;
    case 'invalid_key':
      return EVENT_ID_FORM;
    default:
      return undefined;
  }
}
