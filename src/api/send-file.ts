import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';

/** An answer of any length. */
export interface AnsweredFile {
  /** Of a file that is downloaded. */
  name?: string;
  /** Its media type. The text is UTF-8. */
  type: string;
}

/**
 * Sends the parts as fast as the client reads them, and asks for no more once it has gone. An error before the first part is an
 * ordinary answer; a later one destroys the connection, so that a cut file is not taken for a whole one.
 */
export async function sendFile(
  request: Request,
  response: Response,
  file: AnsweredFile,
  parts: AsyncGenerator<string>,
): Promise<void> {
  try {
    await sendParts(request, response, file, parts);
  } catch (error) {
    if (!isGone(request, error)) throw error;
  }
}

async function sendParts(
  request: Request,
  response: Response,
  { name, type }: AnsweredFile,
  parts: AsyncGenerator<string>,
): Promise<void> {
  const first = await parts.next();
  if (name !== undefined) response.set('Content-Disposition', `attachment; filename="${name}"`);
  response.type(`${type}; charset=utf-8`);
  if (request.method === 'HEAD') {
    await parts.return(undefined);
    response.end();
    return;
  }
  await pipeline(Readable.from(allOf(first, parts)), response);
}

/** Whether this is the error of a client that went away: while it read the answer, or while it sent its own body. */
export function isGone({ errored }: Request, error: unknown): boolean {
  return error === errored || (error as NodeJS.ErrnoException).code === 'ERR_STREAM_PREMATURE_CLOSE';
}

async function* allOf(first: IteratorResult<string>, parts: AsyncGenerator<string>) {
  if (!first.done) yield first.value;
  yield* parts;
}
