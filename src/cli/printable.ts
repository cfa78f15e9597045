/** What came from outside never moves the cursor, nor turns the text around. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, '?');
}

/** The same for what is several lines by our own doing. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}
