import { setTimeout as delay } from 'node:timers/promises';
import type { System } from '../trial/system.js';
import type { Fault, Lane, SandboxFault } from './schedule.js';

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
  await system.sandbox.clearFaults();
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
      return planAtSandbox(system, fault.answers);
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

/** The sandbox may be away at this moment, and then has no fault to plan. */
async function planAtSandbox({ sandbox }: System, answers: SandboxFault): Promise<void> {
  await sandbox.fault(answers).catch((error: unknown) => {
    // No answer; a refusal of the plan is another error.
    if (!(error instanceof TypeError)) throw error;
  });
}
