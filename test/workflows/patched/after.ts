import { condition, defineSignal, patched, setHandler, sleep } from '@temporalio/workflow';

export const goSignal = defineSignal('go');

/**
 * The change: a second wait before the signal. A run that is past this point has no such wait in its history, so it goes
 * the old way; every other run goes the new one. Once no old run is left (the Temporal UI lists the new ones by
 * `TemporalChangeVersion="wait-twice"`), `deprecatePatch` replaces the condition, and after the same time again the line
 * can go.
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
