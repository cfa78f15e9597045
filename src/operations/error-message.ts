/** Temporal's errors have the reason in their cause. */
export function errorMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, cause } = error;
  const isWhole =
    !(cause instanceof Error) || message.includes(cause.message) || typeof Object(error).code === 'string';
  return isWhole ? message : `${message}: ${errorMessage(cause)}`;
}
