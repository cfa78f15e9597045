/** Longer than any answer that Impact documents, but for a list. A hundred answers may be in memory at once. */
const MAX_ANSWER_BYTES = 1_048_576;

/** A page of 5,000 Actions takes some 8 MB. Pages are read one after the other. */
const MAX_PAGE_BYTES = 32 * 1_048_576;

export interface Body {
  body: string;
  /** It is longer than the client reads: `body` is its beginning. */
  isCut: boolean;
}

/** Reads no more than the limit, inflated, whatever length the answer has. */
export async function readBody(response: Response, isPage: boolean): Promise<Body> {
  const maxBytes = isPage ? MAX_PAGE_BYTES : MAX_ANSWER_BYTES;
  const decoder = new TextDecoder();
  let body = '';
  let bytes = 0;
  // Leaving the loop closes the connection.
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    body += decoder.decode(chunk, { stream: true });
    if (bytes > maxBytes) return { body, isCut: true };
  }
  return { body: body + decoder.decode(), isCut: false };
}
