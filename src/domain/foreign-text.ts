/**
 * Text that Impact, shops and operators write. It has no bound of its own, and it ends up in the ledger, in Temporal
 * (which takes 2 MB at once), in the logs and on terminals. So it is cut where it enters.
 */

/** The longest text that is kept. */
export const MAX_TEXT = 1_000;

/** The longest id, code or name that is kept. Impact documents 255 characters for its strings. */
export const MAX_NAME = 255;

/** The most items of a list that are kept. */
export const MAX_ITEMS = 20;

/** A text that was cut ends with `…`. */
export function cut(text: string, maxLength = MAX_TEXT): string {
  if (text.length <= maxLength) return text;
  // Half of a surrogate pair is no character.
  return `${text.slice(0, maxLength - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** Writes characters that move the cursor, reverse the text, break the line, or are not seen, as `\u202e`. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, escaped);
}

/** The same, but its line breaks stay. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/** The same in JSON, which escapes the control characters below U+0020 itself, and has them as white space. */
export function escapeInJson(json: string): string {
  return json.replace(/[\x7f-\x9f\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, escaped);
}

function escaped(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}

/** On one line. */
export function oneLine(text: string): string {
  return printable(text.replace(/\s+/g, ' ').trim());
}

/** The first items of a list of any length; the last one says how many were left out. */
export function firstItems<T, Item>(
  list: readonly T[],
  read: (item: T) => Item,
  leftOut: (count: number) => Item,
): Item[] {
  if (list.length <= MAX_ITEMS) return list.map(read);
  return [...list.slice(0, MAX_ITEMS - 1).map(read), leftOut(list.length - MAX_ITEMS + 1)];
}
