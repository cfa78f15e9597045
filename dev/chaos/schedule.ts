import { LINKS, type LinkName, PROCESSES, type ProcessName } from '../trial/names.js';
import { createRandom, type Random } from '../trial/random.js';

export type Fault =
  | { kind: 'kill' | 'stop'; target: ProcessName; forMs: number }
  /** `latencyMs` is of `delay`. */
  | { kind: 'cut' | 'mute' | 'delay'; target: LinkName; forMs: number; latencyMs: number }
  /** In the words of the sandbox's route `/_sandbox/faults`. */
  | { kind: 'impact'; target: string; forMs: 0; answers: SandboxFault };

export type SandboxFault = { kind: string; resource: string; times: number; [field: string]: unknown };

export type Lane = (Fault & { pauseMs: number })[];

/** Longer than this, nothing on the way to Impact is held up: the worker looks an order up only afterwards. */
const LONGEST_ON_THE_WAY_TO_IMPACT_MS = 3_000;

/**
 * The faults of a seed, in three lanes that run side by side: the faults of one lane follow each other, so that a process
 * that is killed may also lose its network, and never twice.
 */
export function planFaults(seed: number, lengthMs: number): Lane[] {
  const plans = [planProcessFault, planNetworkFault, planImpactFault];
  return plans.map((plan, index) => planLane(plan(createRandom(seed, 2 + index)), lengthMs));
}

function planLane(next: () => Fault & { pauseMs: number }, lengthMs: number): Lane {
  const lane: Lane = [];
  for (let at = 0; at < lengthMs; ) {
    const fault = next();
    lane.push(fault);
    at += fault.pauseMs + fault.forMs;
  }
  return lane;
}

/** Each process is killed, and stopped and continued, in turn. */
function planProcessFault(random: Random) {
  const kinds = ['kill', 'stop'] as const;
  const next = inTurn(
    random,
    kinds.map((kind) => PROCESSES.map((target) => ({ kind, target }))),
  );
  return () => {
    const fault = next();
    const longest =
      fault.kind === 'stop' && fault.target === 'impact' ? LONGEST_ON_THE_WAY_TO_IMPACT_MS : 6_000;
    return { ...fault, forMs: random.int(500, longest), pauseMs: random.int(500, 3_000) };
  };
}

function planNetworkFault(random: Random) {
  const links = Object.keys(LINKS) as LinkName[];
  const kinds = ['cut', 'mute', 'delay'] as const;
  const next = inTurn(
    random,
    kinds.map((kind) => links.map((target) => ({ kind, target }))),
  );
  return () => {
    const { kind, target } = next();
    const times = { forMs: random.int(500, 4_000), pauseMs: random.int(200, 2_500) };
    return { kind, target, ...times, latencyMs: random.int(20, 400) };
  };
}

/** Takes an item from each list in turn. A list is shuffled, and shuffled again once all its items were taken. */
function inTurn<T>(random: Random, lists: readonly (readonly T[])[]): () => T {
  const bags: T[][] = lists.map(() => []);
  let turn = -1;
  return () => {
    turn = (turn + 1) % lists.length;
    const bag = bags[turn] as T[];
    if (bag.length === 0) bag.push(...random.shuffle(lists[turn] as readonly T[]));
    return bag.pop() as T;
  };
}

/** Impact's own faults: `accepted` says whether Impact has taken the request whose answer was lost. */
function planImpactFault(random: Random) {
  return () => {
    const resource = random.pick(['Conversions', 'Conversions', 'Conversions', 'Actions', 'APISubmissions']);
    const answers = {
      ...planAnswer(random),
      resource,
      times: random.int(1, resource === 'Conversions' ? 6 : 2),
    };
    return {
      kind: 'impact' as const,
      target: `${resource} ${nameOf(answers)}`,
      forMs: 0 as const,
      answers,
      pauseMs: random.int(500, 3_000),
    };
  };
}

function planAnswer(random: Random): { kind: string; [field: string]: unknown } {
  const accepted = random.chance(50);
  switch (random.pick(['status', 'gateway', 'rate-limit', 'garbage', 'delay', 'hang', 'reset'])) {
    case 'status':
      return { kind: 'status', status: random.pick([500, 503]) };
    case 'gateway':
      return { kind: 'status', status: random.pick([502, 504]), accepted };
    case 'rate-limit':
      return { kind: 'rate-limit', headers: { 'Retry-After': '1' } };
    case 'garbage':
      return { kind: 'garbage', accepted };
    case 'delay':
      return { kind: 'delay', delayMs: random.int(200, LONGEST_ON_THE_WAY_TO_IMPACT_MS) };
    case 'hang':
      return { kind: 'hang', accepted };
    default:
      return { kind: 'reset', accepted };
  }
}

function nameOf({ kind, status, accepted }: { kind: string; status?: unknown; accepted?: unknown }): string {
  const taken = accepted === undefined ? '' : accepted ? ', taken' : ', not taken';
  return `${kind === 'status' ? status : kind}${taken}`;
}
