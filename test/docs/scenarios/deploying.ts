import { expect } from 'vitest';
import { workflowId } from '../../../src/domain/conversion.js';
import { SIGNALS, TASK_QUEUES, WORKER_DEPLOYMENT } from '../../../src/domain/workflow-names.js';
import { REFUSAL } from '../../support/refusal.js';
import { sell } from '../../support/sell.js';
import type { Stack } from '../../support/stack.js';
import { temporalCli } from '../../support/temporal-cli.js';
import { SELDOM_MS, until } from '../../support/until.js';
import type { Scenarios } from './scenario.js';

/** Temporal distributes a change of versions to all task queues, which takes long on a busy machine. */
const PATIENCE_MS = 45_000;

/** Runs on a service of its own, whose workers have no version at first. */
export function deploying(stack: Stack): Scenarios {
  const parkedId = 'sale_subscription:deployed';
  const where = {
    TEMPORAL_ADDRESS: stack.temporalAddress,
    TEMPORAL_NAMESPACE: stack.temporal.options.namespace,
  };
  const start = async (version: string) => {
    await stack.startWorker({ buildId: version });
    await untilPolled(stack, version);
    return { variables: where, placeholders: { 'WORKER_BUILD_ID of the new workers': version } };
  };
  return {
    deploy: {
      async prepare() {
        await sell(stack, 'deployed', { fault: REFUSAL });
        await stack.untilStatus(parkedId, 'parked');
        return start('one');
      },
      async check() {
        expect(await routing(stack)).toMatchObject({ current: 'one' });
        await untilNewOnesRunOn(stack, 'one');
        await stack.temporal.workflow.getHandle(workflowId(parkedId)).signal(SIGNALS.retry);
        await stack.untilStatus(parkedId, 'submitted');
        expect(await versionOf(stack, parkedId)).toBe('one');
        expect(await stack.sandbox.conversions('deployed')).toHaveLength(1);
      },
    },
    ramp: {
      prepare: () => start('two'),
      async check() {
        expect(await routing(stack)).toEqual({ current: 'one', ramping: 'two', percentage: 10 });
      },
    },
    'ramp-back': {
      async prepare() {
        await untilKnownEverywhere(stack);
        return { variables: { ...where, VERSION: 'two' } };
      },
      async check() {
        expect(await routing(stack)).toMatchObject({ current: 'one', percentage: 0 });
      },
    },
    'roll-back': {
      async prepare() {
        const args = ['--deployment-name', WORKER_DEPLOYMENT, '--build-id', 'two', '--yes'];
        await temporalCli(stack, ['worker', 'deployment', 'set-current-version', ...args]);
        await untilKnownEverywhere(stack);
        return { variables: where, placeholders: { 'WORKER_BUILD_ID of the old workers': 'one' } };
      },
      // The command is idempotent.
      afterwards: `temporal worker deployment set-current-version --deployment-name ${WORKER_DEPLOYMENT} --build-id one --yes`,
      async check() {
        expect(await routing(stack)).toMatchObject({ current: 'one' });
      },
    },
  };
}

/** The server refuses to make a version current until all of its workers have polled. */
function untilPolled({ temporal }: Stack, buildId: string): Promise<void> {
  const { namespace } = temporal.options;
  const deploymentVersion = { deploymentName: WORKER_DEPLOYMENT, buildId };
  const isPolled = () =>
    temporal.workflowService.describeWorkerDeploymentVersion({ namespace, deploymentVersion }).then(
      ({ versionTaskQueues }) => versionTaskQueues?.length === Object.keys(TASK_QUEUES).length,
      () => false,
    );
  return until(isPolled, PATIENCE_MS, SELDOM_MS);
}

const IN_PROGRESS = 1;

/** A change of the current version waits until the previous one is done, so it may run into its deadline. */
function untilKnownEverywhere({ temporal }: Stack): Promise<void> {
  const { namespace } = temporal.options;
  const deployment = { namespace, deploymentName: WORKER_DEPLOYMENT };
  return until(
    async () => {
      const { workerDeploymentInfo } = await temporal.workflowService.describeWorkerDeployment(deployment);
      return Number(workerDeploymentInfo?.routingConfigUpdateState) !== IN_PROGRESS;
    },
    PATIENCE_MS,
    SELDOM_MS,
  );
}

/** Task queues learn of a new current version a moment later. */
async function untilNewOnesRunOn(stack: Stack, buildId: string): Promise<void> {
  let count = 0;
  await until(
    async () => {
      count += 1;
      const { id, handle } = await sell(stack, `${buildId}-${count}`);
      await handle.result();
      return (await versionOf(stack, id)) === buildId;
    },
    PATIENCE_MS,
    SELDOM_MS,
  );
}

async function versionOf(stack: Stack, id: string): Promise<string | undefined> {
  const { raw } = await stack.temporal.workflow.getHandle(workflowId(id)).describe();
  return raw.workflowExecutionInfo?.versioningInfo?.deploymentVersion?.buildId ?? undefined;
}

async function routing({ temporal }: Stack) {
  const { workerDeploymentInfo } = await temporal.workflowService.describeWorkerDeployment({
    namespace: temporal.options.namespace,
    deploymentName: WORKER_DEPLOYMENT,
  });
  const { currentDeploymentVersion, rampingDeploymentVersion, rampingVersionPercentage } =
    workerDeploymentInfo?.routingConfig ?? {};
  return {
    current: currentDeploymentVersion?.buildId,
    ramping: rampingDeploymentVersion?.buildId,
    percentage: rampingVersionPercentage,
  };
}
