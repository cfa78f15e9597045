import { expect } from 'vitest';
import { workflowId } from '../../../src/domain/conversion.js';
import type { RunbookStack } from '../runbook-stack.js';
import type { Scenarios } from './scenario.js';

/** Prints the variables that a process started from that shell gets, and checks that the API accepts the token. */
const SAY_WHAT_IS_SET = `
for name in MONGODB_URI TEMPORAL_ADDRESS TEMPORAL_NAMESPACE; do printenv "$name"; done
printf '%s\\n' "$API" "$WORKER"
curl -sf -o /dev/null "$API/v1/conversions?limit=1" -H "Authorization: Bearer $BACKEND"`;

/** The first section, which everything after it needs. */
export function settingUp({ shellVariables: shell, ...stack }: RunbookStack): Scenarios {
  const said = (namespace: string) =>
    `${[shell.MONGODB_URI, shell.TEMPORAL_ADDRESS, namespace, shell.API, shell.WORKER].join('\n')}\n`;
  return {
    'set-up-real': {
      async prepare() {
        const placeholders = {
          MONGODB_URI: shell.MONGODB_URI,
          TEMPORAL_ADDRESS: shell.TEMPORAL_ADDRESS,
          TEMPORAL_NAMESPACE: shell.TEMPORAL_NAMESPACE,
          'the API, such as https://api.example.com': shell.API,
          'a worker, such as http://10.0.0.7:9464': shell.WORKER,
          'a machine token with the scopes conversions:read, conversions:operate and conversions:publish':
            shell.BACKEND,
        };
        return { placeholders };
      },
      afterwards: SAY_WHAT_IS_SET,
      check: async (stdout) => expect(stdout).toBe(said(shell.TEMPORAL_NAMESPACE)),
    },
    'set-up-local': {
      prepare: async () => ({ placeholders: { directory: stack.directory } }),
      afterwards: SAY_WHAT_IS_SET,
      check: async (stdout) => expect(stdout).toBe(said('default')),
    },
    'set-up-cli': {
      check: async (stdout) => expect(stdout).toMatch(/^temporal version [\s\S]*SERVING/),
    },
    'set-up-conversion': {
      prepare: async () => ({ placeholders: { 'conversion id': 'sale_subscription:A:2/x' } }),
      afterwards: 'echo "$WORKFLOW"',
      check: async (stdout) => expect(stdout).toBe(`${workflowId('sale_subscription:A:2/x')}\n`),
    },
  };
}
