import { Client, Connection } from '@temporalio/client';
import { AUDIT_SCHEDULE_ID } from '../../src/domain/audit.js';
import { openSiteAndShop } from '../trial/site-and-shop.js';
import type { System } from '../trial/system.js';
import type { Wanted } from '../trial/wanted.js';
import type { Clock } from './clock.js';
import type { Planned, Week } from './plan.js';

/** Something that is to happen at a moment of the week. */
export interface Happening {
  at: number;
  happen(): Promise<unknown>;
}

export type Play = Awaited<ReturnType<typeof openPlay>>;

/** The plan as requests to the real processes. It keeps each client's wish and its answer. */
export async function openPlay(system: System, clock: Clock, week: Week) {
  const client = openSiteAndShop(system);
  const connection = await Connection.connect({ address: system.direct.temporalAddress });
  const temporal = new Client({ connection });
  const wanted = new Map<Planned, Wanted>();

  async function publish(planned: Planned): Promise<void> {
    const { clerkId, clickId, sale, occursAt, publishedAt } = planned;
    const late = occursAt < publishedAt ? { occurredAt: clock.wallOf(occursAt) } : {};
    wanted.set(
      planned,
      sale
        ? await client.sell({ ...sale, ...late, buyer: { clerkId }, clickId })
        : await client.signUp(clerkId, clickId),
    );
  }

  async function change(planned: Planned, { cents }: NonNullable<Planned['change']>): Promise<void> {
    const before = wanted.get(planned);
    if (!before) throw new Error(`${planned.clerkId} is changed before it is published.`);
    const { currency = 'USD' } = planned.sale ?? {};
    await client.adjust(before, cents === undefined ? { refund: true } : { cents, currency });
  }

  return {
    wanted: wanted as ReadonlyMap<Planned, Wanted>,
    happenings: [
      ...week.conversions.flatMap((planned): Happening[] => {
        const { publishedAt, change: later } = planned;
        const published = { at: publishedAt, happen: () => publish(planned) };
        return later ? [published, { at: later.at, happen: () => change(planned, later) }] : [published];
      }),
      // The schedule would run it at this hour; in this week it is the run that does.
      ...week.audits.map((at) => ({
        at,
        happen: () => temporal.schedule.getHandle(AUDIT_SCHEDULE_ID).trigger(),
      })),
      { at: week.outage.from, happen: () => failAtImpact(system, 503) },
      { at: week.outage.to, happen: () => system.sandbox.clearFaults() },
    ],
    close: () => connection.close(),
  };
}

/** From now on, Impact answers everything so. */
export async function failAtImpact({ sandbox }: System, status: number): Promise<void> {
  for (const resource of ['Conversions', 'APISubmissions', 'Actions'])
    await sandbox.fault({ kind: 'status', status, resource, times: 1_000_000 });
}
