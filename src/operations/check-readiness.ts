import type { Check, CheckGroup } from './run-checks.js';

const DEADLINE_MS = 3_000;

/** `/readyz` of the API or of a worker. */
export function readinessCheck(name: string, url: string): CheckGroup {
  const check: Check = {
    name,
    next: `Read the log of the ${name}.`,
    async run() {
      const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(DEADLINE_MS) });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${url}/readyz answered ${answer.status}: ${text.slice(0, 200)}`);
      return `${url} is ready`;
    },
  };
  return [check];
}
