/** Foreign text for people's eyes: in an answer, or a log line. */

/** Control characters, and those that a terminal or a browser does not show but obeys, such as U+202E. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Writes what cannot be seen as `\u202e`. */
export function printable(text: string, maxLength = 1_000): string {
  return shorten(text, maxLength).replace(INVISIBLE, escaped);
}

export function shorten(text: string, maxLength: number): string {
  return text.length > maxLength ? `${text.slice(0, maxLength - 1)}…` : text;
}

/** The same for text that is JSON already, which escapes the control characters below U+0020 and has them as white space. */
export function escapeInJson(json: string): string {
  return json.replace(/[\x7f-\x9f\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, escaped);
}

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
