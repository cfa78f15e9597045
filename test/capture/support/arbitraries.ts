import fc from 'fast-check';

const MACROS = [
  ['{', '}'],
  ['${', '}'],
  ['[', ']'],
  ['%%', '%%'],
  ['__', '__'],
] as const;

/** Whether the value looks like a macro of an ad server. Some that do are none. */
export const mayBeMacro = (value: string) =>
  MACROS.some(([start, end]) => value.startsWith(start) && value.endsWith(end));

/** Any click id: the rule, written without a regular expression. */
export function clickId() {
  const character = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code));
  const unit = character.filter((value) => !',;"\\'.includes(value));
  return fc.string({ unit, minLength: 1, maxLength: 64 }).filter((value) => !mayBeMacro(value));
}

/** Any click id, except those that contain a second query: in a URL, it ends the click id. */
export function clickIdInUrl() {
  return clickId().filter((value) => !value.includes('?'));
}
