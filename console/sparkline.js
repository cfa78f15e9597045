import { svg } from './dom.js';

const BAR = 4;
const HEIGHT = 24;

/**
 * A bar for each day; its title, and the label for screen readers, have the numbers.
 * @param {string[]} days
 * @param {number[]} values
 */
export function sparkline(days, values) {
  const highest = Math.max(1, ...values);
  const label = `${Math.max(...values)} at most in a day, ${values.at(-1) ?? 0} today`;
  return svg(
    'svg',
    { class: 'sparkline', viewBox: `0 0 ${values.length * BAR} ${HEIGHT}`, role: 'img', 'aria-label': label },
    values.map((value, index) => {
      const height = value === 0 ? 1 : Math.max(2, (value / highest) * HEIGHT);
      return svg(
        'rect',
        { x: index * BAR, y: HEIGHT - height, width: BAR - 1, height },
        svg('title', {}, `${days[index]}: ${value}`),
      );
    }),
  );
}
