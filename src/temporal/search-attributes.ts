import { setTimeout as delay } from 'node:timers/promises';
import { type Client, Connection } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from '../domain/workflow-names.js';
import type { Logger } from '../logger.js';
import { hasGrpcCode } from './service-error.js';

/** Temporal starts no workflow with a search attribute that its namespace lacks, or has with another type. */
export interface SearchAttributeFault {
  missing: string[];
  /** Such as `ParkReason (Int)`. */
  wrongType: string[];
  /** What is wrong, and the command that fixes it. */
  message: string;
  command: string;
}

/** temporal.api.enums.v1.IndexedValueType */
const TYPES = ['?', 'Text', 'Keyword', 'Int', 'Double', 'Bool', 'Datetime', 'KeywordList'];
const KEYWORD = TYPES.indexOf('Keyword');

/**
 * @returns null if the namespace has all of them, or if Temporal does not permit the question
 * @throws Temporal's error where it does not answer
 */
export async function findSearchAttributeFault(temporal: Client): Promise<SearchAttributeFault | null> {
  const types = await readTypes(temporal);
  if (!types) return null;
  const names = Object.values(SEARCH_ATTRIBUTES).map(({ name }) => name);
  const missing = names.filter((name) => types[name] === undefined);
  const wrong = names.filter((name) => types[name] !== undefined && types[name] !== KEYWORD);
  if (missing.length + wrong.length === 0) return null;
  const wrongType = wrong.map((name) => `${name} (${TYPES[types[name] ?? 0] ?? '?'})`);
  const { namespace } = temporal.options;
  const address = temporal.connection instanceof Connection ? temporal.connection.options.address : '';
  const command = fixingCommand({ namespace, address }, { missing, wrong });
  const faults = [
    ...(missing.length > 0 ? [`lacks the search attributes ${missing.join(', ')}`] : []),
    ...(wrong.length > 0 ? [`has search attributes that are no Keyword: ${wrongType.join(', ')}`] : []),
  ];
  const message = `Temporal's namespace "${namespace}" ${faults.join(', and ')}, so no workflow can start. Run: ${command}`;
  return { missing, wrongType, message, command };
}

/** @returns undefined where Temporal does not permit it */
async function readTypes({ connection, options }: Client): Promise<Record<string, number> | undefined> {
  try {
    const { namespace } = options;
    const listed = await connection.operatorService.listSearchAttributes({ namespace });
    return listed.customAttributes ?? {};
  } catch (error) {
    if (hasGrpcCode(error, 'permission_denied', 'unauthenticated', 'unimplemented')) return undefined;
    throw error;
  }
}

/** Creates those that the namespace lacks, and replaces those of another type. */
export function fixingCommand(
  { namespace, address }: { namespace: string; address: string },
  { missing, wrong }: { missing: string[]; wrong: string[] },
): string {
  const wanted = [...missing, ...wrong];
  // Temporal Cloud has a tool of its own for this, and only its support replaces an attribute.
  if (/\.(tmprl\.cloud|api\.temporal\.io)(:\d+)?$/.test(address)) {
    const attributes = wanted.map((name) => ` --search-attribute "${name}=Keyword"`).join('');
    return `tcld namespace search-attributes add --namespace ${namespace}${attributes}`;
  }
  const where = namespace === 'default' ? '' : ` --namespace ${namespace}`;
  const attribute = 'temporal operator search-attribute';
  return [
    ...(wrong.length > 0 ? [`${attribute} remove${where} ${list(wrong, '')} --yes`] : []),
    `${attribute} create${where} ${list(wanted, ' --type Keyword')}`,
  ].join(' && ');
}

function list(names: string[], type: string): string {
  return names.map((name) => `--name ${name}${type}`).join(' ');
}

const INTERVAL_MS = 60_000;
/** An operator who has run the command wants to see its effect. */
const FIXED_AFTER_MS = 2_000;

type WatchDeps = { temporal: Client; deadlineMs: number; logger: Logger };

/**
 * Looks for such a fault at the start of a worker and again and again. Conversions stay pending meanwhile, and the relay
 * starts them once it is fixed.
 */
export function createSearchAttributeWatch({ temporal, deadlineMs, logger }: WatchDeps) {
  let fault: SearchAttributeFault | null = null;
  async function look(): Promise<void> {
    const find = () => findSearchAttributeFault(temporal);
    // Temporal may be away: then the last look counts.
    const found = await temporal.withDeadline(Date.now() + deadlineMs, find).catch(() => fault);
    if (found && found.message !== fault?.message)
      logger.error({ code: 'search_attributes_missing' }, found.message);
    if (!found && fault) logger.info('the namespace has all search attributes now');
    fault = found;
  }
  return {
    look,
    /** As of the last look. */
    fault: () => fault,
    async repeat(signal: AbortSignal): Promise<void> {
      while (!signal.aborted) {
        await delay(fault ? FIXED_AFTER_MS : INTERVAL_MS, undefined, { signal }).catch(() => undefined);
        if (!signal.aborted) await look();
      }
    },
  };
}
