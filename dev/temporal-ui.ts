import { SEARCH_ATTRIBUTES } from '../src/domain/workflow-names.js';

export const PARKED_QUERY = `${SEARCH_ATTRIBUTES.conversionStatus.name}="Parked"`;

/**
 * The list of what waits for a human. The browser that opens it keeps it among its saved views, as of a view that
 * somebody shared.
 */
export function parkedListUrl(temporalUiUrl: string): string {
  const view = new URLSearchParams({
    query: PARKED_QUERY,
    savedQuery: 'Parked conversions',
  });
  return `${temporalUiUrl}/namespaces/default/workflows?${view}`;
}
