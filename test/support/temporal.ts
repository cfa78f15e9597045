import { randomUUID } from 'node:crypto';
import { Connection } from '@temporalio/client';
import { inject, vi } from 'vitest';
import { SEARCH_ATTRIBUTES } from '../../src/domain/workflow-names.js';

const KEYWORD = 2;
const DAY_SECONDS = 86_400;
/** The server learns of a namespace and its attributes within a moment. */
const PATIENCE = { timeout: 20_000, interval: 25 };

export interface TestNamespace {
  address: string;
  namespace: string;
}

const KEYWORDS = Object.fromEntries(Object.values(SEARCH_ATTRIBUTES).map(({ name }) => [name, KEYWORD]));

/**
 * A namespace of the file's own on the run's Temporal server, so that the product's task queues keep their names.
 * @param searchAttributes name → type
 */
export async function createNamespace(
  searchAttributes: Record<string, number> = KEYWORDS,
): Promise<TestNamespace> {
  const address = inject('temporalAddress');
  const namespace = `test-${randomUUID().slice(0, 8)}`;
  const connection = await Connection.connect({ address });
  try {
    const retention = { seconds: DAY_SECONDS } as never;
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: retention,
    });
    const names = Object.keys(searchAttributes);
    if (names.length > 0)
      await vi.waitFor(
        () => connection.operatorService.addSearchAttributes({ namespace, searchAttributes }),
        PATIENCE,
      );
    const query = names.map((name) => `${name} IS NULL`).join(' AND ');
    await vi.waitFor(
      () => connection.workflowService.countWorkflowExecutions({ namespace, query }),
      PATIENCE,
    );
  } finally {
    await connection.close();
  }
  return { address, namespace };
}
