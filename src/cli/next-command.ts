/** A whole command, ready to paste into a shell, for the system that this one was for. */
export function nextCommand(
  { invocation, dataDir }: { invocation: string; dataDir?: string | undefined },
  ...args: string[]
): string {
  const all = dataDir === undefined ? args : [...args, '--data-dir', dataDir];
  return [invocation, ...all.map(quote)].join(' ');
}

/** Order ids come from outside: as one word of a shell, none of them is a command. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
