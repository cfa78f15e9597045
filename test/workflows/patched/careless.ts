import { condition, defineSignal, setHandler, sleep } from '@temporalio/workflow';

export const goSignal = defineSignal('go');

/** The same change without `patched`, which the replay tests find. */
export async function ExampleWorkflow(): Promise<string> {
  let gone = false;
  setHandler(goSignal, () => {
    gone = true;
  });
  await sleep('10ms');
  await sleep('10ms');
  await condition(() => gone);
  return 'after';
}
