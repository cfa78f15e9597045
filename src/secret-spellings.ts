/**
 * As a secret may stand in a text: as it is, as in an address or a form, and each of them as within JSON, once and
 * twice, also where the slash is escaped.
 */
export function spellings(secret: string): string[] {
  const inForms = new URLSearchParams([['', secret]]).toString().slice(1);
  const all = [secret, encodeURIComponent(secret), inForms].flatMap((text) => [
    text,
    text.replaceAll('/', '\\/'),
    quoted(text),
    quoted(quoted(text)),
  ]);
  return [...new Set(all)];
}

function quoted(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
