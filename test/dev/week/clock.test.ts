import { expect, it } from 'vitest';
import { createClock, DAY, HOUR, nameOf, STEP } from '../../../dev/week/clock.js';

/** Three steps that took 30 ms, 8 s and a moment. */
function clockOfThreeSteps() {
  const clock = createClock();
  for (const wallMs of [1_000, 1_030, 9_030]) clock.beginStep(wallMs);
  return clock;
}

it('passes as on the wall within a step', () => {
  expect(clockOfThreeSteps().weekOf(5_030)).toBe(STEP + 4);
});

it('jumps to the next step, so that what waits from one to the other has waited for minutes', () => {
  const clock = clockOfThreeSteps();
  expect(clock.weekOf(1_029) - clock.weekOf(1_000)).toBeCloseTo(0.029);
  expect(clock.weekOf(1_030) - clock.weekOf(1_000)).toBe(STEP);
});

it('knows when a moment of the week was', () => {
  expect(clockOfThreeSteps().wallOf(STEP + 20)).toBe(1_030);
});

it('names a moment of the week', () => {
  expect(nameOf(DAY + 14 * HOUR + 300)).toBe('Tuesday 14:05');
});
