import { cp, rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { ProcessName } from '../trial/names.js';
import type { System } from '../trial/system.js';
import { carryOut, type Happened } from './faults.js';
import type { Load } from './journeys.js';
import { planFaults } from './schedule.js';

interface Scene {
  system: System;
  seed: number;
  /** For how long clients come. */
  lengthMs: number;
  happened: Happened[];
  say: (line: string) => void;
}

export interface Scenario {
  about: string;
  /** What happens while clients come. Afterwards everything works again. */
  act(scene: Scene): Promise<void>;
  load?: Partial<Load>;
  workerSettings?: Record<string, string>;
  dynamicConfig?: readonly string[];
  /** The ledger is older than the truth: it is compared with Impact, and nothing is retried. */
  ledgerIsOld?: boolean;
}

export const SCENARIOS: Record<string, Scenario> = {
  faults: {
    about: 'each process and each connection fails in turn, and so do the answers of Impact',
    act: ({ system, seed, lengthMs, happened }) =>
      carryOut(system, planFaults(seed, lengthMs), Date.now() + lengthMs, happened),
  },
  'impact-away': outage('impact'),
  'temporal-away': outage('temporal'),
  'mongodb-away': outage('mongod'),
  overload: {
    about: 'signups come at ten times the rate at which Temporal lets workflows start',
    load: {
      salesPercent: 0,
      // One signup of a hundred comes in the first fifth of the time, while all is idle.
      pace: (share) => (share < 0.01 ? share * 20 : 0.2 + ((share - 0.01) / 0.99) * 0.8),
    },
    dynamicConfig: ['frontend.namespaceRPS=40'],
    async act({ lengthMs, happened }) {
      await delay(lengthMs * 0.2);
      const from = Date.now();
      await delay(lengthMs * 0.8);
      happened.push({ kind: 'overload', target: 'temporal', from, to: Date.now() });
    },
  },
  deploy: {
    about: 'the API and the workers of another build (--from) are replaced by this one, one after the other',
    async act({ system, lengthMs, happened, say }) {
      for (const name of ['worker-1', 'api', 'worker-2'] as const) {
        await delay(lengthMs / 4);
        const from = Date.now();
        await system.end(name);
        system.useThisBuild(name);
        await system.start(name);
        say(`${name} runs this build`);
        happened.push({ kind: 'deploy', target: name, from, to: Date.now() });
      }
    },
  },
  'restore-temporal': restore('temporal'),
  'restore-mongodb': { ...restore('mongod'), ledgerIsOld: true },
};

/** The process is away for eight tenths of the time. */
function outage(name: ProcessName): Scenario {
  return {
    about: `${name} is away for eight tenths of the time`,
    async act({ system, lengthMs, happened, say }) {
      await delay(lengthMs * 0.1);
      const from = Date.now();
      await system.kill(name);
      await delay(lengthMs * 0.8);
      await system.start(name);
      say(`${name} is back`);
      happened.push({ kind: 'kill', target: name, from, to: Date.now() });
    },
  };
}

/** A backup is taken after three tenths of the time, and restored after six. */
function restore(name: 'mongod' | 'temporal'): Scenario {
  return {
    about: `${name} is restored from a backup that is older than everything else`,
    async act({ system, lengthMs, happened, say }) {
      const data = system.data[name];
      const backup = `${data}.backup`;
      await delay(lengthMs * 0.3);
      await system.end(name);
      await cp(data, backup, { recursive: true });
      await system.start(name);
      const from = Date.now();
      await delay(lengthMs * 0.3);
      await system.kill(name);
      // SQLite keeps the newest writes beside its file.
      for (const path of [data, `${data}-wal`, `${data}-shm`])
        await rm(path, { recursive: true, force: true });
      await cp(backup, data, { recursive: true });
      await system.start(name);
      say(`${name} has lost ${((Date.now() - from) / 1_000).toFixed(0)} s`);
      happened.push({ kind: 'restore', target: name, from, to: Date.now() });
    },
  };
}
