import type { Conversion } from '../domain/conversion.js';

const CONCURRENCY = 10;

/** Ten at a time, and one that fails holds no other up. @returns those that failed, and why */
export async function forEachConversion<T extends Pick<Conversion, '_id'>>(
  conversions: readonly T[],
  handle: (conversion: T) => Promise<void>,
): Promise<{ conversionId: string; err: unknown }[]> {
  const failures: { conversionId: string; err: unknown }[] = [];
  for (let next = 0; next < conversions.length; next += CONCURRENCY) {
    const handled = conversions.slice(next, next + CONCURRENCY).map(async (conversion) => {
      try {
        await handle(conversion);
      } catch (err) {
        failures.push({ conversionId: conversion._id, err });
      }
    });
    await Promise.all(handled);
  }
  return failures;
}
