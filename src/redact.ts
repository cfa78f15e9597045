const REDACTED = '[redacted]';

/** Shorter secrets are ordinary words: a development database's password must not black out half of each line. */
const MIN_SECRET_LENGTH = 6;

const SECRET_NAMES =
  '(?:proxy-)?authorization|(?:set-)?cookie|x-api-key|auth_?token|api_?key|password|credentials|secret';

/** A field of a secret name. Such lines are rare, so this is tested before a line is parsed. */
const SECRET_FIELD = new RegExp(`"(?:${SECRET_NAMES})":`, 'i');
const SECRET_FIELDS = new RegExp(`"(${SECRET_NAMES})":[^\\n]*`, 'gi');
const SECRET_NAME = new RegExp(`^(?:${SECRET_NAMES})$`, 'i');

/** The start of a word, also after a line break, which JSON writes as a backslash and a letter. */
const WORD = '(?:(?<!\\w)|(?<=\\\\[nrt]))';

/** Patterns that identify a secret by its form, whatever its value. */
const FORMS: readonly [RegExp, string][] = [
  // mongodb://user:password@host, and any other URL with a password. The look-behind keeps it linear.
  [/(?<![a-z0-9+.-])([a-z0-9+.-]+:\/\/[^\s:/?#@"\\]*:)[^\s/?#"\\]*@/gi, `$1${REDACTED}@`],
  // "Basic authentication failed" holds no secret.
  [
    form(
      `${WORD}(bearer|basic)(?:\\s+|%20|\\+)(?!auth(?:entication|orization)\\b)(?=[\\w.~+/%-]{6})[\\w.~+/%-]+=*`,
    ),
    `$1 ${REDACTED}`,
  ],
  // A JWT: session tokens, machine tokens, Temporal's API keys.
  [form(`${WORD}eyJ[\\w-]{5,}\\.[\\w-]+(?:\\.[\\w-]*)?`), REDACTED],
  // JSON quoted in a text, and rawHeaders: "Cookie","…". The look-behind keeps it linear.
  [form(`((?<!\\\\)\\\\+"(?:${SECRET_NAMES})\\\\+"\\s*[:,]\\s*\\\\+")[^"\\\\]*`), `$1${REDACTED}`],
  [form(`("(?:${SECRET_NAMES})",")(?:[^"\\\\]|\\\\.)*`), `$1${REDACTED}`],
  // As in the text of a request or of a form.
  [form(`${WORD}(${SECRET_NAMES})(:\\s*|=)(?!\\[redacted)[^"\\\\\\s,;&][^"\\\\\\r\\n&]*`), `$1$2${REDACTED}`],
];

/** Most texts do not match this, and need no further check. */
const SUSPICIOUS = new RegExp(`://|bearer|basic|eyJ|${SECRET_NAMES}`, 'i');

function form(pattern: string): RegExp {
  return new RegExp(pattern, 'gi');
}

export type Redact = (text: string) => string;

/**
 * Removes secrets from a text that humans read: a log line, or Impact's words, which go into the ledger, the logs and
 * the Temporal UI and may echo the request with its Authorization header, as a proxy's error page does.
 * Secrets of this process are found by their value, other secrets by their form or by the name of their field.
 */
export function createRedact(secrets: readonly string[]): Redact {
  const known = [...new Set(secrets.filter(({ length }) => length >= MIN_SECRET_LENGTH).flatMap(spellings))];
  // Longest first, because one may be the start of another.
  known.sort((a, b) => b.length - a.length);
  return (text) => {
    const withoutKnown = known.reduce((rest, secret) => rest.replaceAll(secret, REDACTED), text);
    if (!SUSPICIOUS.test(withoutKnown)) return withoutKnown;
    const withoutFields = SECRET_FIELD.test(withoutKnown) ? withoutSecretFields(withoutKnown) : withoutKnown;
    return FORMS.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), withoutFields);
  };
}

/** How a secret may be written: raw, URL-encoded or form-encoded; each also within JSON, once or twice, and with escaped slashes. */
function spellings(secret: string): string[] {
  const formEncoded = new URLSearchParams([['', secret]]).toString().slice(1);
  // Base64 may lose its optional padding on the way.
  const encoded = [secret, secret.replace(/=+$/, ''), encodeURIComponent(secret), formEncoded];
  return encoded
    .flatMap((text) => [text, quoted(text), quoted(quoted(text))])
    .flatMap((text) => [text, text.replaceAll('/', '\\/')]);
}

function quoted(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function withoutSecretFields(text: string): string {
  const replacer = (name: string, value: unknown) => (SECRET_NAME.test(name) && value ? REDACTED : value);
  try {
    return JSON.stringify(JSON.parse(text), replacer) + (text.endsWith('\n') ? '\n' : '');
  } catch {
    // A secret of digits may have stood where JSON expects a number. Logging must not throw.
    return text.replace(SECRET_FIELDS, `"$1":"${REDACTED}"`);
  }
}
