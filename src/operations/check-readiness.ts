import { cut } from '../domain/foreign-text.js';
import type { Check, CheckGroup } from './run-checks.js';

const DEADLINE_MS = 3_000;

/** `/readyz` of the API or of a worker. */
export function readinessCheck(name: string, url: string): CheckGroup {
  const check: Check = {
    name,
    next: `Read the log of the ${name}.`,
    async run() {
      const asked = `${url}/readyz`;
      const signal = AbortSignal.timeout(DEADLINE_MS);
      const answer = await fetch(asked, { signal }).catch((cause: unknown) => {
        throw new Error(`${asked} does not answer`, { cause });
      });
      if (answer.ok) return `${url} is ready`;
      throw new Error(`${asked} answers ${answer.status}: ${cut(await answer.text(), 200)}`);
    },
  };
  return [check];
}
