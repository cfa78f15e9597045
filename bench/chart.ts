import type { Row } from './part.js';

/** A row, and its baseline, as points of a line chart. */
export interface Plot {
  title: string;
  /** What the horizontal axis counts. */
  along: string;
  series: string;
  at: number;
  /** The line to which the row's baseline belongs, and where. */
  baseline?: { series: string; at: number };
}

type Point = { x: number; y: number };

const [WIDTH, HEIGHT] = [960, 420];
const AREA = { left: 70, right: 560, top: 50, bottom: 360 };
/** Paul Tol's, which colour-blind readers can tell apart. https://sronpersonalpages.nl/~pault/ */
const COLOURS = ['#4477aa', '#ee6677', '#228833', '#ccbb44', '#66ccee', '#aa3377', '#bbbbbb', '#000000'];

/** An SVG with two logarithmic axes, the vertical one in milliseconds. @returns undefined where no row has a point */
export function drawChart(rows: readonly Row[]): string | undefined {
  const plot = rows.find((row) => row.plot)?.plot;
  if (!plot) return undefined;
  const lines = toLines(rows);
  const points = [...lines.values()].flat();
  const scaleX = scale(
    points.map(({ x }) => x),
    AREA.left,
    AREA.right,
  );
  const scaleY = scale(
    points.map(({ y }) => y),
    AREA.bottom,
    AREA.top,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" font-family="sans-serif" font-size="13">`,
    `<title>${escapeXml(plot.title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    text(AREA.left, 28, plot.title, 'start', 'font-weight="bold" font-size="15"'),
    text((AREA.left + AREA.right) / 2, HEIGHT - 18, plot.along, 'middle'),
    text(AREA.left - 8, AREA.top - 10, 'ms', 'end'),
    ...[...new Set(points.map(({ x }) => x))].map((x) =>
      text(scaleX(x), AREA.bottom + 20, number(x), 'middle'),
    ),
    ...ticksBetween(points.map(({ y }) => y)).flatMap((y) => [
      `<path d="M${AREA.left} ${scaleY(y).toFixed(1)}H${AREA.right}" stroke="#ddd"/>`,
      text(AREA.left - 8, scaleY(y) + 4, number(y), 'end'),
    ]),
    ...[...lines].flatMap(([name, line], index) => drawLine(name, line, index, scaleX, scaleY)),
    '</svg>\n',
  ].join('\n');
}

function toLines(rows: readonly Row[]): Map<string, Point[]> {
  const lines = new Map<string, Map<number, number>>();
  const add = (series: string, x: number, y: number) =>
    lines.set(series, (lines.get(series) ?? new Map()).set(x, y));
  for (const { plot, measured, baseline } of rows) {
    if (!plot) continue;
    if (plot.baseline && baseline) add(plot.baseline.series, plot.baseline.at, baseline.value);
    add(plot.series, plot.at, measured);
  }
  const inOrder = (line: Map<number, number>) =>
    [...line].map(([x, y]) => ({ x, y })).sort((a, b) => a.x - b.x);
  return new Map([...lines].map(([series, line]) => [series, inOrder(line)]));
}

type Scale = (value: number) => number;

function scale(values: readonly number[], from: number, to: number): Scale {
  const [min, max] = [Math.log10(Math.min(...values)), Math.log10(Math.max(...values))];
  return (value) => from + ((Math.log10(value) - min) / (max - min || 1)) * (to - from);
}

/** 1, 2, 5, 10, 20 … within the values. */
function ticksBetween(values: readonly number[]): number[] {
  const [min, max] = [Math.min(...values), Math.max(...values)];
  const decades = Array.from({ length: 12 }, (_, index) => 10 ** (index - 4));
  return decades
    .flatMap((decade) => [decade, 2 * decade, 5 * decade])
    .filter((tick) => tick >= min && tick <= max);
}

function drawLine(name: string, line: readonly Point[], index: number, x: Scale, y: Scale): string[] {
  const colour = COLOURS[index % COLOURS.length];
  const at = line.map((point) => [x(point.x).toFixed(1), y(point.y).toFixed(1)] as const);
  const legendY = AREA.top + index * 22;
  return [
    `<path d="M${at.map((point) => point.join(' ')).join('L')}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    ...at.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3.5" fill="${colour}"/>`),
    `<path d="M${AREA.right + 20} ${legendY}h24" stroke="${colour}" stroke-width="2"/>`,
    text(AREA.right + 52, legendY + 4, `${name} (${number(line.at(-1)?.y ?? 0)} ms)`, 'start'),
  ];
}

function text(x: number, y: number, content: string, anchor: 'start' | 'middle' | 'end', more = ''): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" fill="#333" ${more}>${escapeXml(content)}</text>`;
}

function escapeXml(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

function number(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(2)));
}
