import { join } from 'node:path';
import { freePort } from '../../dev/ports.js';
import { startEntry } from './entry.js';

/** Far longer than any conversion that is not lost. */
const LOST_AFTER_MS = 60_000;

export type BenchImpact = Awaited<ReturnType<typeof startBenchImpact>>;

/** Stands in for Impact, in a process of its own. */
export async function startBenchImpact() {
  const port = await freePort();
  const expected = new Map<string, (arrivedAt: number) => void>();
  const child = await startEntry(
    join(import.meta.dirname, 'impact-server.ts'),
    { PORT: String(port) },
    (line) => {
      const [orderId = '', arrivedAt] = line.split(' ');
      expected.get(orderId)?.(Number(arrivedAt));
      expected.delete(orderId);
    },
  );
  return {
    url: `http://127.0.0.1:${port}`,
    /** Call it before the order is sent. @returns when its first POST arrived, on the clock of clock.ts */
    arrivalOf: (orderId: string) =>
      new Promise<number>((resolve, reject) => {
        const lost = () => reject(new Error(`${orderId} did not arrive within ${LOST_AFTER_MS / 1_000} s`));
        const timer = setTimeout(lost, LOST_AFTER_MS);
        expected.set(orderId, (arrivedAt) => {
          clearTimeout(timer);
          resolve(arrivedAt);
        });
      }),
    stop: () => child.stop(),
  };
}
