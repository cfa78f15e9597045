import { TestWorkflowEnvironment } from '@temporalio/testing';
import { findBinary } from '../../dev/binaries/index.js';
import { SEARCH_ATTRIBUTES } from '../../src/domain/workflow-names.js';
import { installRuntime } from './runtime.js';

const KEYWORD = 2;

/** A Temporal server whose clock jumps ahead whenever nothing runs: 48 hours of retries take a second. */
export async function startTimeSkipping(): Promise<TestWorkflowEnvironment> {
  installRuntime();
  const path = await findBinary('temporal-test-server', (line) => console.error(line));
  const environment = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path } },
  });
  await environment.connection.operatorService.addSearchAttributes({
    namespace: 'default',
    searchAttributes: Object.fromEntries(Object.values(SEARCH_ATTRIBUTES).map(({ name }) => [name, KEYWORD])),
  });
  return environment;
}
