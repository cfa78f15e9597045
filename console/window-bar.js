import { svg } from './dom.js';

const WIDTH = 300;
const MARGIN = 8;

/**
 * The window as a bar from the click, and the event as a mark on the same line. The text beside it says the same.
 * @param {NonNullable<import('./types.js').Conversion['window']>} window
 */
export function windowBar({ capturedAt, occurredAt, closesAt, isInside }) {
  if (closesAt === undefined) return undefined;
  const [click, event, end] = [capturedAt, occurredAt, closesAt].map((at) => Date.parse(at));
  if (click === undefined || event === undefined || end === undefined) return undefined;
  const first = Math.min(click, event);
  const last = Math.max(end, event);
  /** @param {number} at */
  const x = (at) => MARGIN + ((at - first) / (last - first)) * (WIDTH - 2 * MARGIN);
  return svg(
    'svg',
    {
      class: 'window-bar',
      viewBox: `0 0 ${WIDTH} 20`,
      preserveAspectRatio: 'xMinYMid',
      'aria-hidden': 'true',
    },
    svg('line', { x1: MARGIN, y1: 10, x2: WIDTH - MARGIN, y2: 10, class: 'line' }),
    svg('rect', { x: x(click), y: 6, width: x(end) - x(click), height: 8, class: 'open' }),
    svg('circle', { cx: x(event), cy: 10, r: 6, class: isInside ? 'inside' : 'outside' }),
  );
}
