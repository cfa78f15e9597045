import { setTimeout as delay } from 'node:timers/promises';
import type { Fault, Lane } from './schedule.js';
import type { System } from './system.js';

/** A fault as it happened. Times are in milliseconds of the clock. */
export interface Happened {
  kind: Fault['kind'] | 'overload' | 'deploy' | 'restore';
  target: string;
  from: number;
  to: number;
}

/** Carries out the lanes side by side, until the time is over; afterwards everything works again. */
export async function carryOut(
  system: System,
  lanes: readonly Lane[],
  untilMs: number,
  happened: Happened[],
) {
  await Promise.all(
    lanes.map(async (lane) => {
      for (const fault of lane) {
        await delay(fault.pauseMs);
        if (Date.now() >= untilMs) return;
        const from = Date.now();
        await carryOutOne(system, fault);
        happened.push({ kind: fault.kind, target: fault.target, from, to: Date.now() });
      }
    }),
  );
  // Faults that no request has met yet.
  await fetch(`${system.direct.impactUrl}/_sandbox/faults`, { method: 'DELETE' });
}

async function carryOutOne(system: System, fault: Fault): Promise<void> {
  switch (fault.kind) {
    case 'kill':
      await system.kill(fault.target);
      await delay(fault.forMs);
      return system.start(fault.target);
    case 'stop':
      await system.freeze(fault.target);
      await delay(fault.forMs);
      return system.thaw(fault.target);
    case 'impact':
      return planAtSandbox(system, 'faults', fault.answers);
    default:
      return failNetwork(system, fault);
  }
}

async function failNetwork({ links }: System, fault: Extract<Fault, { latencyMs: number }>) {
  const link = links[fault.target];
  if (fault.kind === 'cut') link.close('cut');
  else if (fault.kind === 'mute') link.mute();
  else link.slowDown(fault.latencyMs);
  await delay(fault.forMs);
  if (fault.kind === 'cut') await link.open('cut');
  else if (fault.kind === 'mute') link.unmute();
  else link.slowDown(0);
}

/** The sandbox may be away at this moment. Its faults of one moment need no second try, its outcomes do. */
export async function planAtSandbox(
  { direct }: System,
  what: 'faults' | 'outcomes' | 'settings',
  plan: object,
) {
  const headers = { 'Content-Type': 'application/json' };
  const signal = AbortSignal.timeout(2_000);
  const init = { method: 'POST', headers, body: JSON.stringify(plan), signal };
  const answer = await fetch(`${direct.impactUrl}/_sandbox/${what}`, init).catch((error: Error) => {
    if (what === 'faults') return undefined;
    throw error;
  });
  if (answer && !answer.ok)
    throw new Error(`The sandbox refused ${JSON.stringify(plan)}: ${await answer.text()}`);
}
