/** What was typed cannot be meant. The message says what to type. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'usage';
}
