import { describe, expect, it } from 'vitest';
import { planJourneys } from '../../../dev/chaos/journeys.js';
import { planFaults } from '../../../dev/chaos/schedule.js';
import { LINKS, PROCESSES } from '../../../dev/trial/names.js';

const LENGTH_MS = 240_000;
const load = { seed: 7, count: 1_000, lengthMs: LENGTH_MS };

describe('a seed', () => {
  it('gives the same journeys and the same faults each time', () => {
    expect(planJourneys(load)).toEqual(planJourneys(load));
    expect(planFaults(7, LENGTH_MS)).toEqual(planFaults(7, LENGTH_MS));
  });

  it('gives others than another seed', () => {
    expect(planJourneys(load).map(({ races }) => races)).not.toEqual(
      planJourneys({ ...load, seed: 8 }).map(({ races }) => races),
    );
    expect(planFaults(7, LENGTH_MS)).not.toEqual(planFaults(8, LENGTH_MS));
  });
});

describe('the journeys', () => {
  it('have as many signups and sales as were asked for, within the time', () => {
    const journeys = planJourneys(load);
    expect(journeys.length + journeys.filter(({ sale }) => sale).length).toBe(1_000);
    expect(journeys.every(({ startsAtMs }) => startsAtMs < LENGTH_MS)).toBe(true);
  });

  it('have organic users, races, returning users, refunds, new amounts, and refusals that come later', () => {
    const journeys = planJourneys(load);
    const sales = journeys.flatMap(({ sale }) => sale ?? []);
    expect(journeys.some(({ clickId }) => clickId === undefined)).toBe(true);
    expect(journeys.some(({ races }) => races)).toBe(true);
    expect(journeys.some(({ returnsBy }) => returnsBy)).toBe(true);
    expect(sales.some(({ isRefunded }) => isRefunded)).toBe(true);
    expect(sales.some(({ amounts }) => amounts.length > 1)).toBe(true);
    expect(sales.some(({ outcome }) => outcome)).toBe(true);
  });
});

describe('the faults of four minutes', () => {
  const faults = planFaults(7, LENGTH_MS).flat();
  const targetsOf = (kind: string) =>
    new Set(faults.flatMap((fault) => (fault.kind === kind ? fault.target : [])));

  it.each(['kill', 'stop'])('%s each process', (kind) => {
    expect(targetsOf(kind)).toEqual(new Set(PROCESSES));
  });

  it.each(['cut', 'mute', 'delay'])('%s each connection', (kind) => {
    expect(targetsOf(kind)).toEqual(new Set(Object.keys(LINKS)));
  });

  it('hold nothing up on its way to Impact for as long as the worker waits before it looks an order up', () => {
    const stops = faults.filter(({ kind, target }) => kind === 'stop' && target === 'impact');
    expect(stops.every(({ forMs }) => forMs <= 3_000)).toBe(true);
  });
});
