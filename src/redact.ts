import { spellings } from './secret-spellings.js';

const REDACTED = '[redacted]';

/** Shorter ones are words: a development database's password must not black out half of each line. */
const SHORTEST_SECRET = 6;

const SECRET_NAMES =
  '(?:proxy-)?authorization|(?:set-)?cookie|x-api-key|auth_?token|api_?key|password|credentials|secret';

/** A field whose name says what it holds. Rare, and so looked for before a line is taken apart. */
const SECRET_FIELD = new RegExp(`"(?:${SECRET_NAMES})":`, 'i');
const SECRET_FIELDS = new RegExp(`"(${SECRET_NAMES})":[^\\n]*(?=\\n)`, 'gi');
const SECRET_NAME = new RegExp(`^(?:${SECRET_NAMES})$`, 'i');

/** The beginning of a word, also after a line break, which JSON writes as a backslash and a letter. */
const WORD = '(?:(?<!\\w)|(?<=\\\\[nrt]))';

/** What gives a secret away by its form, whatever it says. */
const FORMS: readonly [RegExp, string][] = [
  // mongodb://user:password@host, and any other URL that carries one.
  [/([a-z][a-z0-9+.-]*:\/\/[^\s:/?#@"\\]*:)[^\s/?#"\\]*@/gi, `$1${REDACTED}@`],
  [form(`${WORD}(bearer|basic)(?:\\s+|%20|\\+)(?=[\\w.~+/%-]{6})[\\w.~+/%-]+=*`), `$1 ${REDACTED}`],
  // A JWT: session tokens, machine tokens, Temporal's API keys.
  [form(`${WORD}eyJ[\\w-]{5,}\\.[\\w-]+(?:\\.[\\w-]*)?`), REDACTED],
  // JSON that is quoted in a text, and rawHeaders: "Cookie","…".
  [form(`(\\\\+"(?:${SECRET_NAMES})\\\\+"\\s*[:,]\\s*\\\\+")[^"\\\\]*`), `$1${REDACTED}`],
  [form(`("(?:${SECRET_NAMES})",")(?:[^"\\\\]|\\\\.)*`), `$1${REDACTED}`],
  // As in the text of a request, or of a form.
  [form(`${WORD}(${SECRET_NAMES})(:\\s*|=)(?!\\[redacted)[^"\\\\\\s,;&][^"\\\\\\r\\n&]*`), `$1$2${REDACTED}`],
];

/** Most lines hold nothing of the kind, and are asked no more than this. */
const SUSPICIOUS = new RegExp(`://|bearer|basic|eyJ|${SECRET_NAMES}`, 'i');

function form(pattern: string): RegExp {
  return new RegExp(pattern, 'gi');
}

/**
 * Takes secrets out of a log line, wherever they hide in it: in fields, in messages, in stacks, in what another
 * system echoed. The process's own are known by their value, others by their form.
 */
export function createRedact(secrets: readonly string[]): (line: string) => string {
  const known = [...new Set(secrets.filter(({ length }) => length >= SHORTEST_SECRET).flatMap(spellings))];
  // The longest first, as one may be the beginning of another.
  known.sort((a, b) => b.length - a.length);
  return (line) => {
    const unknown = known.reduce((text, secret) => text.replaceAll(secret, REDACTED), line);
    if (!SUSPICIOUS.test(unknown)) return unknown;
    const unnamed = SECRET_FIELD.test(unknown) ? withoutSecretFields(unknown) : unknown;
    return FORMS.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), unnamed);
  };
}

function withoutSecretFields(line: string): string {
  const replacer = (name: string, value: unknown) => (SECRET_NAME.test(name) && value ? REDACTED : value);
  try {
    return `${JSON.stringify(JSON.parse(line), replacer)}\n`;
  } catch {
    // A secret of digits may have stood where JSON wants a number. Logging must not throw.
    return line.replace(SECRET_FIELDS, `"$1":"${REDACTED}"`);
  }
}
