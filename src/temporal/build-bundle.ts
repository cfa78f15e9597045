import { writeFile } from 'node:fs/promises';
import { bundleWorkflowCode } from '@temporalio/worker';
import { PREBUILT_BUNDLE, WORKFLOW_CODE } from './bundle.js';

/** The last step of `npm run build`: a worker with a prebuilt bundle starts in a second, and without webpack. */
const { code } = await bundleWorkflowCode(WORKFLOW_CODE);
await writeFile(PREBUILT_BUNDLE, code);
