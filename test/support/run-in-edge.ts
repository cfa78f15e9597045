import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';

/**
 * Runs the program in a separate thread. After Temporal's SDK has replayed a history, it looks up the workflow of every
 * promise in the thread by `Function`, which the edge runtime forbids. Like Next.js, it provides `process.env`.
 */
const THREAD = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { EdgeVM } = require('@edge-runtime/vm');
  const edge = new EdgeVM({ extend: (context) => Object.assign(context, { process: { env: {} } }) });
  edge.evaluate(workerData).then((result) => parentPort.postMessage(result));
`;

/**
 * Runs a program in the edge runtime, bundled as Next.js does it.
 * @param program sets `globalThis.result` to a promise
 * @param resolveDir its imports are relative to this folder
 */
export async function runInEdge(program: string, resolveDir: string) {
  const bundle = await build({
    stdin: { contents: program, resolveDir },
    bundle: true,
    write: false,
    format: 'iife',
    conditions: ['edge-light'],
    define: {
      'process.env.NODE_ENV': '"production"',
      'process.env.NEXT_RUNTIME': '"edge"',
      __dirname: '"/"',
    },
    external: ['node:*'],
  });
  const workerData = `${bundle.outputFiles[0]?.text}\nglobalThis.result`;
  const [result] = await once(new Worker(THREAD, { eval: true, workerData }), 'message');
  return result;
}
