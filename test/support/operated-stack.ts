import { freshMongoUri } from './mongo.js';
import { runCli } from './run-cli.js';
import { runInShell } from './shell.js';
import { type StackOptions, startStack } from './stack.js';
import { createNamespace } from './temporal.js';

export type OperatedStack = Awaited<ReturnType<typeof startOperatedStack>>;

/** A stack, and the command line that finds it by its environment. */
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
    /** The command in a process of its own. */
    cli: (...args: string[]) => runCli(args, environment),
    /** The command in this process, at a terminal where there is an answer. */
    command: (args: string[], answer?: string) =>
      runInShell(args, { environment, ...(answer === undefined ? {} : { answer }) }),
  };
}
