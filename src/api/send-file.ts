import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';

/** An answer of any length, which is downloaded as a file. */
export interface AnsweredFile {
  name: string;
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
  { name, type }: AnsweredFile,
  parts: AsyncGenerator<string>,
): Promise<void> {
  const first = await parts.next();
  response.set('Content-Disposition', `attachment; filename="${name}"`).type(`${type}; charset=utf-8`);
  if (request.method === 'HEAD') {
    await parts.return(undefined);
    response.end();
    return;
  }
  await pipeline(Readable.from(allOf(first, parts)), response).catch((error) => {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  });
}

async function* allOf(first: IteratorResult<string>, parts: AsyncGenerator<string>) {
  if (!first.done) yield first.value;
  yield* parts;
}
