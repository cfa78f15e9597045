import { freePort } from '../../dev/ports.js';
import { createLink } from '../../dev/trial/link.js';
import type { Plot } from '../chart.js';
import type { Part, Report } from '../part.js';
import { untilIdle } from '../support/idle.js';
import { call, timeInFlight } from '../support/load.js';
import { median } from '../support/median.js';
import { startBenchApi } from '../support/processes.js';
import { type SignupSystems, startSignupSystems } from '../support/signup-systems.js';

/** "Users never wait for Impact or Temporal": the first request of a user with a click, and a later one. */
export const signup: Part = {
  about: 'signups and known users, beside bare Express and Mongoose; Temporal up, slow and down',
  async run(report, { quick }) {
    const systems = await startSignupSystems();
    const link = await createLink(Number(systems.temporalAddress.split(':')[1]));
    link.slowDown(SLOW_MS);
    const start = (temporalAddress: string) => startBenchApi({ ...systems, temporalAddress });
    const apis = {
      'Temporal up': await start(systems.temporalAddress),
      [`Temporal ${2 * SLOW_MS} ms away`]: await start(`127.0.0.1:${link.port}`),
      'Temporal down': await start(`127.0.0.1:${await freePort()}`),
    };
    const contenders = Object.entries(apis).map(([name, { url, pid }]) => ({
      name,
      url: `${url}/v1/me`,
      pid,
    }));
    for (const level of LEVELS) {
      await measureSignups(report, systems, contenders, { ...level, rounds: quick ? 3 : 12 });
      await measureKnown(report, systems, contenders[0], { ...level, rounds: quick ? 3 : 12 });
    }
    for (const api of Object.values(apis)) await api.stop();
    link.close('done');
    await systems.stop();
  },
};

/** Each way. */
const SLOW_MS = 250;

interface Level {
  inFlight: number;
  requests: number;
  goals: readonly [up: number, slow: number, down: number];
}

const LEVELS: readonly Level[] = [
  { inFlight: 1, requests: 30, goals: [2.5, 2.5, 1.5] },
  { inFlight: 10, requests: 60, goals: [2.5, 2.5, 2] },
  { inFlight: 50, requests: 150, goals: [3, 3, 2.5] },
];

interface Contender {
  name: string;
  url: string;
  pid: number;
}

type Measurement = Level & { rounds: number };

async function measureSignups(
  report: Report,
  systems: SignupSystems,
  apis: readonly Contender[],
  level: Measurement,
): Promise<void> {
  const { baseline } = systems;
  const bare = { name: 'bare upsert', url: `${baseline.url}/signup`, pid: baseline.pid };
  const times = await measure(report, systems, [bare, ...apis], level, async ({ name }) => {
    const users = systems.newUsers(level.requests);
    return name === bare.name
      ? users.map((clerkId) => ({ authorization: clerkId }))
      : systems.sessionsOf(users);
  });
  for (const [index, { name }] of apis.entries())
    report.row({
      work: `attributed signup, ${level.inFlight} in flight, ${name}`,
      unit: 'ms',
      measured: median(times[name]),
      baseline: { what: bare.name, value: median(times[bare.name]) },
      goal: { atMost: level.goals[index] ?? Number.NaN },
      plot: plotOf(level, `signup, ${name}`, bare.name),
    });
}

async function measureKnown(
  report: Report,
  systems: SignupSystems,
  api: Contender | undefined,
  level: Measurement,
): Promise<void> {
  if (!api) return;
  const { baseline } = systems;
  const clerkIds = systems.newUsers(level.inFlight);
  const sessions = await systems.sessionsOf(clerkIds);
  const plain = clerkIds.map((clerkId) => ({ authorization: clerkId }));
  const contenders = [
    { name: 'bare read', url: `${baseline.url}/user`, pid: baseline.pid },
    { name: 'bare read with a token check', url: `${baseline.url}/checked/user`, pid: baseline.pid },
    api,
  ];
  for (const { url } of contenders)
    for (const headers of url.includes('/checked') || url === api.url ? sessions : plain)
      await call(url.replace('/user', '/signup'), { headers });
  const known = (isChecked: boolean) =>
    Array.from(
      { length: level.requests },
      (_, index) => (isChecked ? sessions : plain)[index % clerkIds.length] ?? {},
    );
  const times = await measure(report, systems, contenders, level, async ({ name }) =>
    known(name !== 'bare read'),
  );
  for (const baselineName of ['bare read', 'bare read with a token check'])
    report.row({
      work: `known user, ${level.inFlight} in flight`,
      unit: 'ms',
      measured: median(times[api.name]),
      baseline: { what: baselineName, value: median(times[baselineName]) },
      ...(baselineName === 'bare read' && { goal: { atMost: 1.2 } }),
      plot: plotOf(level, 'known user', baselineName),
    });
}

function plotOf({ inFlight: at }: Level, series: string, baseline: string): Plot {
  const chart = { title: 'Latency by load, medians', along: 'requests in flight' };
  return { ...chart, series, at, baseline: { series: baseline, at } };
}

/** The milliseconds of each request, by contender. They take turns, and none begins before the others' work is done. */
async function measure(
  report: Report,
  { processes }: SignupSystems,
  contenders: readonly Contender[],
  { inFlight, requests, rounds }: Measurement,
  headersFor: (contender: Contender) => Promise<Record<string, string>[]>,
): Promise<Record<string, number[]>> {
  const times: Record<string, number[]> = {};
  // The first round warms the processes up and is not counted.
  for (let round = 0; round <= rounds; round += 1) {
    for (const contender of contenders) {
      const headers = await headersFor(contender);
      await untilIdle([...processes, ...contenders.map(({ pid }) => pid)]);
      const taken = await timeInFlight(inFlight, requests, async (index) => {
        const click = { 'x-affiliate-click-id': 'click' };
        await call(contender.url, { headers: { ...click, ...headers[index] } });
      });
      if (round > 0) times[contender.name] = [...(times[contender.name] ?? []), ...taken];
    }
  }
  report.progress(`${inFlight} in flight: measured ${contenders.map(({ name }) => name).join(', ')}`);
  return times;
}
