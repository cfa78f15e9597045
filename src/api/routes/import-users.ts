import type { Request } from 'express';
import { z } from 'zod';
import { LINE_FAULTS, linesOf, MAX_LINE_BYTES } from '../../domain/lines.js';
import { readJsonUser, userToImport } from '../../domain/user-to-import.js';
import { importUsers as importAll, noneImported } from '../../users/import-users.js';
import { toProblem } from '../handle-error.js';
import { problemBody } from '../problem.js';
import { type ApiDeps, defineRoute, NDJSON } from '../route.js';
import { isGone } from '../send-file.js';

const count = z.int().min(0);

const importedLine = z
  .union([
    z.object({
      line: z.int().min(1).describe('Its number, from 1.'),
      clerkId: z.string().optional(),
      result: z
        .enum(['created', 'unchanged', 'refused'])
        .describe('`unchanged`: the user was there, and stays as it is.'),
      code: z.enum(LINE_FAULTS).optional().describe('Of a refused line. Stable.'),
      detail: z.string().optional(),
      errors: problemBody.shape.errors,
    }),
    z.object({
      done: z
        .boolean()
        .describe('The last line. `false`: the import stopped before its end; begin it again.'),
      created: count,
      unchanged: count,
      refused: count,
      code: z
        .string()
        .optional()
        .describe('Why it stopped, as of an error answer, such as `database_unavailable`.'),
      detail: z.string().optional(),
    }),
  ])
  .meta({ id: 'ImportedLine' });

export function importUsers(deps: ApiDeps) {
  return defineRoute({
    method: 'post',
    path: '/v1/users/import',
    operationId: 'users.import',
    summary: 'Import the users who were there before this service',
    description:
      'A user a line, of any number (NDJSON), and a result for each line. It makes no signup, and never changes a user who is there, ' +
      'so that an interrupted import can be begun again. A refused line is no error of the request. Read the answer while you send. ' +
      `The last line has \`done\`: without it, the answer was cut off. A line has at most ${MAX_LINE_BYTES} bytes.`,
    access: 'users:write',
    body: userToImport,
    bodyType: NDJSON,
    examples: { body: { users: EXAMPLE_LINES.map((line) => `${JSON.stringify(line)}\n`).join('') } },
    file: { type: NDJSON },
    success: { status: 200, description: 'A result for each line, and their sum.', schema: importedLine },
    handle: async ({ request }) => answerTo(deps, request),
  });
}

const EXAMPLE_LINES = [
  {
    clerkId: 'user_of_before',
    signedUpAt: '2026-01-31T12:00:00Z',
    attribution: { impact: { clickId: 'example-click', capturedAt: '2026-01-30T08:00:00Z' } },
  },
  { clerkId: 'user_without_a_click' },
];

/** Once a part of the answer has gone, an error is its last line. */
async function* answerTo(deps: ApiDeps, request: Request): AsyncGenerator<string> {
  const counts = noneImported();
  let hasBegun = false;
  try {
    // The rest of the body would otherwise be cut off together with the answer.
    const body = request.iterator({ destroyOnReturn: false });
    for await (const results of importAll(deps, linesOf(body, readJsonUser))) {
      for (const { result } of results) counts[result] += 1;
      hasBegun = true;
      yield results.map(toLine).join('');
    }
    yield toLine({ done: true, ...counts });
  } catch (error) {
    if (!hasBegun || isGone(request, error)) throw error;
    const { code, message: detail } = toProblem(error);
    deps.logger.error({ err: error, code }, 'an import stopped before its end');
    if (request.res) request.res.locals.code = code;
    yield toLine({ done: false, ...counts, code, detail });
  }
}

function toLine(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
