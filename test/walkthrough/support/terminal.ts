import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const PROJECT_ROOT = fileURLToPath(new URL('../../..', import.meta.url));

export interface Typed {
  exitCode: number;
  /** The text on the screen, including the typed text. */
  screen: string;
}

export type Terminal = ReturnType<typeof openTerminal>;

/** A user at a real terminal, made by util-linux's `script`. The commands see a terminal, so they ask before they act. */
export function openTerminal(environment: Record<string, string>) {
  const env: NodeJS.ProcessEnv = { PATH: process.env.PATH, HOME: process.env.HOME, ...environment };
  return {
    /** Sets a shell variable, like `ID=…`. */
    set(name: string, value: string): void {
      env[name] = value;
    },
    /** @param answer the text to type at the first question */
    async run(command: string, answer?: string): Promise<Typed> {
      const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
        cwd: PROJECT_ROOT,
        env,
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      let output = '';
      let answered = false;
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        if (answer === undefined || answered || !output.includes('[y/N]')) return;
        answered = true;
        child.stdin.write(`${answer}\n`);
      });
      const [exitCode] = (await once(child, 'close')) as [number];
      return { exitCode, screen: `$ ${command}\n${output.replaceAll('\r', '').trimEnd()}` };
    },
  };
}
