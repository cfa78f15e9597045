import fc from 'fast-check';

/** Any click id: the rule, written without a regular expression. */
export function clickId() {
  const character = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code));
  const unit = character.filter((value) => !',;"\\'.includes(value));
  return fc.string({ unit, minLength: 1, maxLength: 64 });
}
