/** What a page in Prometheus's text format says. */

/** The value of the first sample of this name that has these labels. */
export function sampleOf(
  page: string,
  name: string,
  labels: Record<string, string> = {},
): number | undefined {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  const line = linesOf(page, name).find((candidate) => wanted.every((pair) => candidate.includes(pair)));
  return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ') + 1));
}

/** Of all samples, and of the metrics that have none yet; a histogram is three. */
export function namesOn(page: string): Set<string> {
  const declared = [...page.matchAll(/^# TYPE (\w+) (\w+)$/gm)].flatMap(([, name = '', type]) =>
    type === 'histogram' ? ['_bucket', '_count', '_sum'].map((suffix) => name + suffix) : [name],
  );
  return new Set(declared);
}

/** The labels of all samples of this name. */
export function labelsOn(page: string, name: string): string[] {
  const labels = linesOf(page, name).flatMap((line) => [...line.matchAll(/[{,](\w+)="/g)]);
  return [...new Set(labels.map(([, label]) => String(label)))];
}

function linesOf(page: string, name: string): string[] {
  return page.split('\n').filter((line) => /^\w+/.exec(line)?.[0] === name);
}
