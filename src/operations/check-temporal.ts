import type { Client } from '@temporalio/client';
import { SEARCH_ATTRIBUTES, TASK_QUEUES } from '../domain/workflow-names.js';
import { askTemporal } from '../temporal/ask-temporal.js';
import { readQueueRate } from '../temporal/queue-rate.js';
import { findSearchAttributeFault } from '../temporal/search-attributes.js';
import type { Check, CheckGroup } from './run-checks.js';

/** An operator waits for all of them. */
const DEADLINE_MS = 3_000;

export function temporalChecks(temporal: Client): CheckGroup {
  const { workflowService } = temporal;
  const { namespace } = temporal.options;
  return [
    {
      name: 'Temporal',
      isNeeded: true,
      next: 'Check TEMPORAL_ADDRESS, TEMPORAL_API_KEY and TEMPORAL_TLS…, and that Temporal runs.',
      async run() {
        const { serverVersion } = await askTemporal(
          temporal,
          () => workflowService.getSystemInfo({}),
          DEADLINE_MS,
        );
        return `answers, version ${serverVersion}`;
      },
    },
    {
      name: 'namespace',
      isNeeded: true,
      next: `Check TEMPORAL_NAMESPACE, or create it: temporal operator namespace create --namespace ${namespace} --retention 30d`,
      async run() {
        await askTemporal(temporal, () => workflowService.describeNamespace({ namespace }), DEADLINE_MS);
        return namespace;
      },
    },
    {
      name: 'search attributes',
      next: 'Run that command. Workflows then start without a restart of the workers.',
      async run() {
        const fault = await askTemporal(temporal, () => findSearchAttributeFault(temporal), DEADLINE_MS);
        if (fault) throw new Error(fault.message);
        return Object.values(SEARCH_ATTRIBUTES)
          .map(({ name }) => name)
          .join(', ');
      },
    },
    ...Object.values(TASK_QUEUES).map((taskQueue) => workerCheck(temporal, taskQueue)),
  ];
}

function workerCheck(temporal: Client, taskQueue: string): Check {
  return {
    name: `worker of ${taskQueue}`,
    next: 'Start a worker, or read the log of the one that should run.',
    async run() {
      const { workers, backlog } = await readQueueRate(temporal, taskQueue);
      if (workers === 0) throw new Error(`No worker polls this queue, and about ${backlog} tasks wait.`);
      return `polls; about ${backlog} tasks wait`;
    },
  };
}
