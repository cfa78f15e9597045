import { freshMongoUri } from './mongo.js';
import { runCli } from './run-cli.js';
import { runInShell } from './shell.js';
import { type StackOptions, startStack } from './stack.js';
import { createNamespace } from './temporal.js';

export type OperatedStack = Awaited<ReturnType<typeof startOperatedStack>>;

/** Starts a stack, and offers the command line for it. */
export async function startOperatedStack(options: StackOptions = {}) {
  const mongoUri = freshMongoUri();
  const temporal = await createNamespace();
  const environment = {
    MONGODB_URI: mongoUri,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
  };
  const stack = await startStack({ ...options, mongoUri, temporal });
  return {
    ...stack,
    mongoUri,
    /** Runs a command in a process of its own. */
    cli: (...args: string[]) => runCli(args, environment),
    /** Runs a command in this process. With an answer, it runs at a terminal. */
    command: (args: string[], answer?: string) =>
      runInShell(args, { environment, ...(answer === undefined ? {} : { answer }) }),
  };
}
