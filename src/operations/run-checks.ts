import { errorMessage } from './error-message.js';

/** One thing that must be so for the service to work. */
export interface Check {
  name: string;
  /** What to do if it fails. */
  next: string;
  /** If it fails, the later ones of its group are skipped. */
  isNeeded?: true;
  /** @returns what was found. @throws Error with what is wrong */
  run: () => Promise<string>;
}

export type CheckGroup = readonly Check[];

export interface CheckResult {
  name: string;
  state: 'ok' | 'failed' | 'skipped';
  /** What was found, or what is wrong. */
  detail: string;
  /** What to do. Only if it failed. */
  next?: string;
}

/** Runs the checks of a group one after the other, and the groups side by side. */
export async function runChecks(groups: readonly CheckGroup[]): Promise<CheckResult[]> {
  return (await Promise.all(groups.map(runGroup))).flat();
}

async function runGroup(group: CheckGroup): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  let missing: string | undefined;
  for (const check of group) {
    const { name, isNeeded } = check;
    const result = missing === undefined ? await runCheck(check) : skipped(name, missing);
    if (isNeeded && result.state === 'failed') missing = name;
    results.push(result);
  }
  return results;
}

function skipped(name: string, missing: string): CheckResult {
  return { name, state: 'skipped', detail: `not checked, because it needs this: ${missing}` };
}

async function runCheck({ name, next, run }: Check): Promise<CheckResult> {
  try {
    return { name, state: 'ok', detail: await run() };
  } catch (error) {
    return { name, state: 'failed', detail: errorMessage(error), next };
  }
}
