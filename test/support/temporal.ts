import { randomUUID } from 'node:crypto';
import { Connection } from '@temporalio/client';
import { inject, vi } from 'vitest';
import { setUpNamespace } from '../../dev/temporal-namespace.js';

export interface TestNamespace {
  address: string;
  namespace: string;
}

/**
 * A namespace of the file's own on the run's Temporal server, so that the product's task queues keep their names.
 * @param searchAttributes name → type
 */
export async function createNamespace(searchAttributes?: Record<string, number>): Promise<TestNamespace> {
  const address = inject('temporalAddress');
  const namespace = `test-${randomUUID().slice(0, 8)}`;
  const connection = await Connection.connect({ address });
  try {
    const setUp = () => setUpNamespace(connection, namespace, searchAttributes);
    await vi.waitFor(setUp, { timeout: 20_000, interval: 25 });
  } finally {
    await connection.close();
  }
  return { address, namespace };
}
