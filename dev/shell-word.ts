/** An argument for a command that a person pastes into a shell. */
export function shellWord(argument: string): string {
  return /^[\w./:@=-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}
