import { cpus } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parkedListUrl } from '../../dev/temporal-ui.js';
import { workflowId } from '../../src/domain/conversion.js';
import { createTemporalClient } from '../../src/temporal/client.js';
import {
  collapseNavigation,
  configureColumns,
  openDetails,
  openUi,
  readRow,
  savedView,
} from '../operator-ui/support/temporal-ui.js';
import { saleSubscription } from '../support/programme.js';
import { createClock } from './support/clock.js';
import { openDocument } from './support/document.js';
import { type Incident, startIncident } from './support/incident.js';
import { openFiringAlerts, unfold } from './support/prometheus-ui.js';
import { openTerminal, type Terminal, type Typed } from './support/terminal.js';

const document = openDocument();
const clock = createClock();
const SALES = document.isWritten ? 200 : 50;
const MORE_SALES = SALES / 10;
const SALE = saleSubscription.id;
const PATIENCE = { timeout: 60_000, interval: 100 };

/** At Impact, the action tracker of sales is switched off. Signups have another tracker. */
const SWITCHED_OFF = {
  kind: 'status',
  status: 400,
  times: 1_000_000,
  actionTrackerId: String(saleSubscription.actionTrackerId),
  body: {
    Status: 'ERROR',
    Message: 'Validation Failed',
    Errors: [{ Field: 'ActionTrackerId', Message: 'The action tracker is not active' }],
  },
};

let incident: Incident;
let terminal: Terminal;

beforeAll(async () => {
  incident = await startIncident();
  const { mongoUri, temporalAddress } = incident.urls;
  terminal = openTerminal({
    MONGODB_URI: mongoUri,
    TEMPORAL_ADDRESS: temporalAddress,
    TEMPORAL_NAMESPACE: 'default',
  });
});
afterAll(() => incident?.stop());

describe('an incident', () => {
  it('is shown by an alert, understood and fixed, and every sale is reported once', async () => {
    const userIds = await incident.signUp();
    const refused = await breakImpact(userIds);
    await readAlert();
    const id = await findCause();
    await readInTemporal(id);
    const held = await pauseAndSellOn(userIds);
    await killAndStartWorker();
    await fixImpact();
    await retryOne();
    await retryOthers();
    await checkThatItIsOver();

    for (const orderId of refused) expect(await reported(orderId)).toEqual({ answers: [400, 200], times: 1 });
    for (const orderId of held) expect(await reported(orderId)).toEqual({ answers: [200], times: 1 });
    const { inDocument, inRun } = await document.save();
    expect(new Set(inDocument)).toEqual(new Set(inRun));
  });
});

async function breakImpact(userIds: string[]): Promise<string[]> {
  await incident.sandbox.fault(SWITCHED_OFF);
  clock.start('the first sale');
  const orderIds = await incident.sell(userIds, 'A', SALES);
  await expect.poll(incident.firing, PATIENCE).toContain('ParkedConversions');
  clock.lap('the first sale', 'the alert fires');
  await incident.untilStatuses(SALE, { parked: SALES });
  clock.lap('the first sale', 'all are parked');
  await incident.untilStatuses('signup', { confirmed: userIds.length });
  return orderIds;
}

async function readAlert(): Promise<void> {
  const summary = async () => (await incident.parkedAlert())?.annotations.summary;
  await expect
    .poll(summary, PATIENCE)
    .toBe(`${SALES} parked with impact_refused (conversion): waiting for a human`);
  const page = await openUi(incident.browser);
  await openFiringAlerts(page, incident.urls.prometheusUrl);
  await unfold(page, 'ParkedConversions');
  await page.getByText('docs/operations.md#parkedconversions').first().waitFor();
  await document.picture('alert', page);
}

/** @returns the id of a parked conversion */
async function findCause(): Promise<string> {
  const status = await conversions('status', 'status');
  expect(status.screen).toMatch(new RegExp(`${SALES} parked:[\\s\\S]*impact_refused +${SALES}$`, 'm'));
  const list = await conversions('list', 'list --status parked --limit 5');
  const id = await startedLast(list.screen.match(/^sale_subscription:\S+/gm) ?? []);
  terminal.set('ID', id);
  const explained = await conversions('explain', 'explain "$ID"');
  expect(explained.screen).toContain('ActionTrackerId: The action tracker is not active');
  return id;
}

/** The Temporal UI shows the hundred workflows that were started last, and the relay starts most of a burst. */
async function startedLast(ids: readonly string[]): Promise<string> {
  const temporal = createTemporalClient({ connectionOptions: { address: incident.urls.temporalAddress } });
  const starts = await Promise.all(
    ids.map(async (id) => {
      const { startTime } = await temporal.workflow.getHandle(workflowId(id)).describe();
      return { id, startTime };
    }),
  );
  await temporal.connection.close();
  starts.sort((one, other) => other.startTime.getTime() - one.startTime.getTime());
  return starts[0]?.id ?? '';
}

async function readInTemporal(id: string): Promise<void> {
  const page = await openUi(incident.browser);
  await page.goto(parkedListUrl(incident.urls.temporalUiUrl));
  await collapseNavigation(page);
  await savedView(page, 'Parked conversions').waitFor();
  await configureColumns(page, { remove: ['Run ID', 'Type', 'End'], add: ['CampaignEvent', 'ParkReason'] });
  expect(await readRow(page, workflowId(id))).toMatchObject({ ParkReason: 'impact_refused' });
  await document.picture('parked-list', page);
  const details = await openDetails(page, workflowId(id));
  await details.getByText('docs/operations.md#impact_refused').waitFor();
  await document.picture('details', page);
}

async function pauseAndSellOn(userIds: string[]): Promise<string[]> {
  await conversions('pause', "pause --reason 'sale tracker is not active at Impact'");
  const orderIds = await incident.sell(userIds, 'B', MORE_SALES);
  await incident.untilStatuses(SALE, { parked: SALES, reporting: MORE_SALES });
  return orderIds;
}

async function killAndStartWorker(): Promise<void> {
  incident.killWorker();
  await expect.poll(incident.firing, PATIENCE).toContain('WorkerDown');
  await expect.poll(incident.firing, PATIENCE).not.toContain('ParkedConversions');
  const page = await openUi(incident.browser);
  await openFiringAlerts(page, incident.urls.prometheusUrl);
  await unfold(page, 'WorkerDown');
  await document.picture('worker-down', page, 720);
  await incident.startWorkerAgain();
  await expect.poll(incident.firing, PATIENCE).not.toContain('WorkerDown');
  await expect.poll(incident.firing, PATIENCE).toContain('ParkedConversions');
  const status = await conversions('status-paused', 'status');
  expect(status.screen).toMatch(/^impact: PAUSED/m);
  expect(status.screen).toContain(`${SALES} parked:`);
}

async function fixImpact(): Promise<void> {
  await incident.sandbox.clearFaults();
  await conversions('resume', 'resume');
  await incident.untilStatuses(SALE, { parked: SALES, confirmed: MORE_SALES });
}

async function retryOne(): Promise<void> {
  await conversions('retry-one', 'retry "$ID"');
  await incident.untilStatuses(SALE, { parked: SALES - 1, confirmed: MORE_SALES + 1 });
  const explained = await conversions('explain-confirmed', 'explain "$ID"');
  expect(explained.screen).toMatch(/^status +confirmed$/m);
}

async function retryOthers(): Promise<void> {
  clock.start('retry --all');
  const { screen } = await conversions('retry-all', 'retry --all --reason impact_refused', 'y');
  expect(screen).toContain(`${SALES - 1} of ${SALES - 1} signalled, 0 failed`);
  clock.lap('retry --all', 'all are signalled, and the command ends');
  await incident.untilReported(SALE);
  clock.lap('retry --all', 'Impact has acknowledged all');
  await incident.untilStatuses(SALE, { confirmed: SALES + MORE_SALES });
  clock.lap('retry --all', 'all are confirmed');
}

async function checkThatItIsOver(): Promise<void> {
  await expect.poll(incident.parkedAlert, PATIENCE).toBeUndefined();
  expect((await conversions('status-after', 'status')).screen).toContain('Nothing is parked.');
  const page = await openUi(incident.browser);
  await openFiringAlerts(page, incident.urls.prometheusUrl);
  await document.picture('resolved', page, 320);
  const today = new Date().toISOString().slice(0, 10);
  const audit = await conversions('audit', `audit --from ${clock.day} --to ${today}`);
  expect(audit.screen).toMatch(/No open differences\.$/m);
  const machine = `${process.platform}, ${cpus().length} cores (shared), Node ${process.versions.node}`;
  document.show('facts', [machine, `${SALES} sales, and ${MORE_SALES} more`, ...clock.lines].join('\n'));
}

async function conversions(name: string, command: string, answer?: string): Promise<Typed> {
  const typed = await terminal.run(`npm run -s conversions -- ${command}`, answer);
  expect(typed).toMatchObject({ exitCode: 0 });
  document.show(name, typed.screen);
  return typed;
}

async function reported(orderId: string) {
  const { sandbox } = incident;
  const answers = (await sandbox.requests(orderId)).map(({ status }) => status);
  return { answers, times: (await sandbox.conversions(orderId)).length };
}
