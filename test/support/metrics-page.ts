/** The value of one sample of a page in Prometheus's text format, such as `name{label="value"}`; labels in any order. */
export function sampleOf(
  page: string,
  name: string,
  labels: Record<string, string> = {},
): number | undefined {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  const line = page
    .split('\n')
    .find(
      (candidate) => /^\w+/.exec(candidate)?.[0] === name && wanted.every((pair) => candidate.includes(pair)),
    );
  return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ') + 1));
}

/** The names of all samples on the page. */
export function namesOn(page: string): Set<string> {
  return new Set(page.split('\n').flatMap((line) => /^[a-z]\w*/i.exec(line)?.[0] ?? []));
}
