import fc from 'fast-check';

/** Any click id: 1 to 64 printable ASCII characters, with no space at either end. */
export function clickId() {
  return fc
    .string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 64 })
    .filter((value) => value === value.trim());
}
