import type { ImpactRequest } from './read-request.js';

export const MAX_PAGES = 10;

interface Page {
  page: number;
  pageSize: number;
}

/**
 * The names are documented: https://integrations.impact.com/impact-brand/reference/pagination. Its example has all of
 * them as strings. Inferred from answers recorded in public repositories: relative URIs that carry the parameters of the
 * request, and an empty string where there is no such page. Documented nowhere: what an empty list (here: one page,
 * from 0 to 0) and a page beyond the last (here: no entries) look like.
 */
export function pageOf<Entry>(
  entries: Entry[],
  { page, pageSize }: Page,
  request: ImpactRequest,
  uri: string,
) {
  const total = entries.length;
  const pages = Math.max(1, Math.ceil(total / pageSize));
  const start = (page - 1) * pageSize;
  const uriOf = (number: number) =>
    number < 1 || number > pages ? '' : `${uri}?${parametersOf(request, pageSize, number)}`;
  return {
    entries: entries.slice(start, start + pageSize),
    links: {
      '@page': String(page),
      '@numpages': String(pages),
      '@pagesize': String(pageSize),
      '@total': String(total),
      '@start': String(Math.min(start, total)),
      '@end': String(Math.max(0, Math.min(start + pageSize, total) - 1)),
      '@uri': request.path,
      '@firstpageuri': uriOf(1),
      '@previouspageuri': uriOf(page - 1),
      '@nextpageuri': uriOf(page + 1),
      '@lastpageuri': uriOf(pages),
    },
  };
}

function parametersOf({ query }: ImpactRequest, pageSize: number, page: number): string {
  return new URLSearchParams({
    ...Object.fromEntries(query),
    PageSize: `${pageSize}`,
    Page: `${page}`,
  }).toString();
}
