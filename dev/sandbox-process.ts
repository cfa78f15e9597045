import { join } from 'node:path';
import { type Child, type ChildFiles, startChild, untilReady } from './child.js';
import { neutralEnvironment } from './environment.js';

const PROJECT_ROOT = join(import.meta.dirname, '..');

type SandboxProcessOptions = {
  accountSid: string;
  authToken: string;
  port: number;
  /** What it has acknowledged is kept there. */
  journal: string;
} & ChildFiles;

/** The Impact sandbox as a process of its own, which can be killed. */
export async function startSandboxProcess(options: SandboxProcessOptions): Promise<Child> {
  const { accountSid, authToken, port, journal, ...files } = options;
  const child = await startChild({
    name: 'impact',
    command: process.execPath,
    args: ['--import', 'tsx', 'dev/impact-sandbox/main.ts'],
    cwd: PROJECT_ROOT,
    env: {
      ...neutralEnvironment(process.env),
      IMPACT_ACCOUNT_SID: accountSid,
      IMPACT_AUTH_TOKEN: authToken,
      IMPACT_SANDBOX_JOURNAL: journal,
      PORT: String(port),
    },
    ...files,
  });
  await untilReady(child, async () => (await fetch(`http://127.0.0.1:${port}/_sandbox/faults`)).ok);
  return child;
}
