import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';

/** The last step of `npm run build`: a worker with a prebuilt bundle starts in a second, and without webpack. */
const { code } = await bundleWorkflowCode({
  workflowsPath: fileURLToPath(new URL('../workflows', import.meta.url)),
});
await writeFile(fileURLToPath(new URL('../workflow-bundle.cjs', import.meta.url)), code);
