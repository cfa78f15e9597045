import { z } from 'zod';

/** Reads variables of the environment. Each error names its variable, says what is wrong, and shows an example. */

export type Environment = Record<string, string | undefined>;

const HEADING = 'The environment is incomplete or invalid (see .env.example):';

interface ConfigErrorOptions extends ErrorOptions {
  heading?: string;
}

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code: string = 'invalid_configuration';

  /** @param problems one a line */
  constructor(problems: readonly string[], { heading = HEADING, ...options }: ConfigErrorOptions = {}) {
    super([heading, ...problems.map((problem) => `  ${problem}`)].join('\n'), options);
  }
}

/** Compose files and shells write "not set" as an empty variable. */
export function withoutEmpty(variables: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).filter((entry): entry is [string, string] => !!entry[1]),
  );
}

/** @throws ConfigError that names each variable that is missing or invalid */
export function readVariables<T>(schema: z.ZodType<T>, variables: Environment): T {
  const environment = withoutEmpty(variables);
  const result = schema.safeParse(environment, { error: describe });
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, code, message }) => {
    const name = String(path[0] ?? '');
    const isMissing = code === 'invalid_type' && environment[name] === undefined;
    return `${name}: ${isMissing ? 'is missing' : message}${exampleText(schema, name)}`;
  });
  throw new ConfigError(problems);
}

/** Says what the value must be. A schema's own message comes first. The value may be a secret, so no message repeats it. */
function describe(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected === 'int' ? 'must be a whole number' : `must be a ${issue.expected}`;
    case 'too_small':
      return `must be ${issue.inclusive ? 'at least' : 'above'} ${issue.minimum}`;
    case 'too_big':
      return `must be ${issue.inclusive ? 'at most' : 'below'} ${issue.maximum}`;
    case 'invalid_value':
      return `must be one of ${issue.values.join(', ')}`;
    default:
      return undefined;
  }
}

function exampleText(schema: z.ZodType, name: string): string {
  const example = exampleOf(schema, name);
  return example === undefined ? '' : `. Example: ${example}`;
}

/** The example that the variable's schema carries in `.meta({ example })`, or else its default. */
export function exampleOf(schema: z.ZodType, name: string): string | undefined {
  const variable = schema instanceof z.ZodObject ? (schema.shape[name] as z.ZodType | undefined) : undefined;
  const { example } = variable?.meta() ?? {};
  const value = example ?? (variable instanceof z.ZodDefault ? variable.def.defaultValue : undefined);
  return value === undefined || value === '' ? undefined : String(value);
}
