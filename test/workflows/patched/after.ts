import { condition, defineSignal, patched, setHandler, sleep } from '@temporalio/workflow';

export const goSignal = defineSignal('go');

/**
 * The change: another wait before the signal. Runs that are past that point have no such wait in their history, so they
 * go the old way, and only new runs go the new one. Once no old run is left (Temporal's UI lists
 * those of after: `TemporalChangeVersion="wait-twice"`), `deprecatePatch` takes the place of the question, and after
 * another such time the line goes altogether.
 */
export async function ExampleWorkflow(): Promise<string> {
  let gone = false;
  setHandler(goSignal, () => {
    gone = true;
  });
  await sleep('10ms');
  const waitsTwice = patched('wait-twice');
  if (waitsTwice) await sleep('10ms');
  await condition(() => gone);
  return waitsTwice ? 'after' : 'before';
}
