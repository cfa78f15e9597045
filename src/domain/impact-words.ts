/**
 * Impact's words in one spelling, as its documentation and its answers spell the same word in several ways:
 * `In Progress`, `IN_PROGRESS` and `inprogress` are `INPROGRESS`.
 */
export function wordOf(text: string): string {
  return text.toUpperCase().replace(/[^A-Z0-9]/g, '');
}
