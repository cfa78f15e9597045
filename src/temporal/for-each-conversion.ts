const CONCURRENCY = 10;

/** Ten at a time, and one that fails holds no other up. @returns those that failed, and why */
export async function forEachConversion<T>(
  items: Iterable<T> | AsyncIterable<T>,
  idOf: (item: T) => string,
  handle: (item: T) => Promise<void>,
): Promise<{ conversionId: string; err: unknown }[]> {
  const failures: { conversionId: string; err: unknown }[] = [];
  const iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  async function handleNext(): Promise<void> {
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
      try {
        await handle(next.value);
      } catch (err) {
        failures.push({ conversionId: idOf(next.value), err });
      }
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, handleNext));
  return failures;
}
