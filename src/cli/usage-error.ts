/** The command's arguments are wrong. The message says what to type. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'usage';
}
