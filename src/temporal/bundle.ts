import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type BundleOptions, bundleWorkflowCode, type WorkflowBundleOption } from '@temporalio/worker';
import type { Logger } from '../logger.js';
import { temporalLogger } from './runtime.js';

/** What every bundle is made of, prebuilt or not: a workflow must run the same in all of them. */
export const WORKFLOW_CODE = {
  workflowsPath: fileURLToPath(new URL('../../workflows', import.meta.url)),
  workflowInterceptorModules: [fileURLToPath(new URL('../../workflows/trace-context', import.meta.url))],
  // Stack traces need the source map without the sources, which a worker would keep in memory, 10 MB in all.
  webpackConfigHook: (config) => ({ ...config, devtool: 'inline-nosources-source-map' }),
} satisfies BundleOptions;

/** Beside `dist/src`, where `npm run build` puts it. */
export const PREBUILT_BUNDLE = fileURLToPath(new URL('../../workflow-bundle.cjs', import.meta.url));

/** The bundle of the build, or one made now: that takes some seconds, and webpack. */
export async function loadWorkflowBundle(logger: Logger): Promise<WorkflowBundleOption> {
  if (existsSync(PREBUILT_BUNDLE)) return { codePath: PREBUILT_BUNDLE };
  return bundleWorkflowCode({ ...WORKFLOW_CODE, logger: temporalLogger(logger) });
}
