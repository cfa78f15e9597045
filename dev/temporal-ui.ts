import { SEARCH_ATTRIBUTES } from '../src/domain/workflow-names.js';

/** The list of parked conversions. A browser that opens it keeps it among its saved views, like a view that was shared. */
export function parkedListUrl(temporalUiUrl: string): string {
  const query = `${SEARCH_ATTRIBUTES.conversionStatus.name}="Parked"`;
  const view = new URLSearchParams({ query, savedQuery: 'Parked conversions' });
  return `${temporalUiUrl}/namespaces/default/workflows?${view}`;
}
