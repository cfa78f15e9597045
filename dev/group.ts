import type { Child } from './child.js';

type Part = { stop: () => Promise<void>; child?: Child };

export type Group = ReturnType<typeof createGroup>;

/** What was started together and is stopped together, also when a part of it failed to start. */
export function createGroup() {
  const parts: Part[] = [];
  return {
    async keep<T extends Part>(starting: Promise<T>): Promise<T> {
      const part = await starting;
      parts.push(part);
      return part;
    },
    async stop(): Promise<void> {
      await Promise.all(parts.map((part) => part.stop()));
    },
    children: () => parts.flatMap(({ child }) => child ?? []),
  };
}

/** Promise.all, but it rejects only when the others are done too: what has started by then can be stopped. */
export async function allDone<T extends readonly unknown[]>(
  promises: readonly [...{ [K in keyof T]: Promise<T[K]> }],
): Promise<T> {
  await Promise.allSettled(promises);
  return (await Promise.all(promises)) as unknown as T;
}
