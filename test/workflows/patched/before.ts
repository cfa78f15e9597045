import { condition, defineSignal, setHandler, sleep } from '@temporalio/workflow';

/** A deployed workflow, with runs that wait for a human: `go` may come in a month. */
export const goSignal = defineSignal('go');

export async function ExampleWorkflow(): Promise<string> {
  let gone = false;
  setHandler(goSignal, () => {
    gone = true;
  });
  await sleep('10ms');
  await condition(() => gone);
  return 'before';
}
