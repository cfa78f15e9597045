import { type Connection, isGrpcServiceError } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from '../src/domain/workflow-names.js';

const KEYWORD = 2;
const DAY_SECONDS = 86_400;
/** A code of gRPC. */
const ALREADY_EXISTS = 6;

const OURS = Object.fromEntries(Object.values(SEARCH_ATTRIBUTES).map(({ name }) => [name, KEYWORD]));

/**
 * Creates a namespace with the project's search attributes, or with others (name → type). The server learns of each with a
 * delay and this fails meanwhile, so it is called until it succeeds.
 */
export async function setUpNamespace(
  { workflowService, operatorService }: Connection,
  namespace: string,
  searchAttributes: Record<string, number> = OURS,
): Promise<void> {
  const workflowExecutionRetentionPeriod = { seconds: DAY_SECONDS } as never;
  const names = Object.keys(searchAttributes);
  const query = names.map((name) => `${name} IS NULL`).join(' AND ');
  await workflowService
    .registerNamespace({ namespace, workflowExecutionRetentionPeriod })
    .catch(ignoreExisting);
  if (names.length > 0)
    await operatorService.addSearchAttributes({ namespace, searchAttributes }).catch(ignoreExisting);
  await workflowService.countWorkflowExecutions({ namespace, query });
}

function ignoreExisting(error: unknown): void {
  if (!isGrpcServiceError(error) || error.code !== ALREADY_EXISTS) throw error;
}
