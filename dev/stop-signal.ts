/** Under npm one Ctrl-C arrives twice: from the terminal, and passed on by npm. */
const SAME_CTRL_C_MS = 500;

/** Resolves with the first signal that asks this process to stop. A second one ends it at once, and its children with it. */
export function stopSignal(): Promise<NodeJS.Signals> {
  let firstAt: number | undefined;
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (firstAt !== undefined && Date.now() - firstAt > SAME_CTRL_C_MS) process.exit(1);
        firstAt ??= Date.now();
        resolve(signal);
      });
    }
  });
}
