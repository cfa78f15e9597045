import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leaveParked } from '../../dev/demo/park.js';
import { parkedListUrl } from '../../dev/temporal-ui.js';
import { workflowId } from '../../src/domain/conversion.js';
import { untilListedAsParked } from '../support/until-listed-as-parked.js';
import { type Operator, startOperator } from './support/operator.js';
import {
  collapseNavigation,
  configureColumns,
  currentDetails,
  fillSignal,
  openDetails,
  openUi,
  readRow,
  savedView,
  submitSignal,
  takeScreenshot,
} from './support/temporal-ui.js';

let operator: Operator;

beforeAll(async () => {
  operator = await startOperator();
});
afterAll(() => operator.stop());

const REFUSAL = {
  status: 400,
  body: {
    Status: 'ERROR',
    Message: 'Validation Failed',
    Errors: [{ Field: 'ClickId', Message: 'Unknown' }],
  },
};

describe('a parked conversion in the Temporal UI', () => {
  it('can be found by one link, read and retried, and then completes', async () => {
    const { client, sandbox } = operator;
    const { userId, conversionId } = await operator.parkSale('A-1001', REFUSAL);
    await operator.parkSale('A-1002', { status: 401 });
    const id = workflowId(conversionId);
    const page = await openUi(operator.browser);

    await page.goto(parkedListUrl(operator.temporalUiUrl));
    await collapseNavigation(page);
    await savedView(page, 'Parked conversions').waitFor();
    await configureColumns(page, {
      remove: ['Status', 'Run ID', 'Type', 'Start', 'End'],
      add: ['CampaignEvent', 'AffiliateUserId', 'ParkReason'],
    });
    expect(await readRow(page, id)).toMatchObject({
      'Workflow ID': id,
      CampaignEvent: 'sale_subscription',
      AffiliateUserId: userId,
      ParkReason: 'impact_refused',
    });
    await takeScreenshot(page, 'parked-list');

    const details = await openDetails(page, id);
    await details.getByText('Impact refused it as it stands').waitFor();
    const text = await details.textContent();
    expect(text).toContain('HTTP 400');
    expect(text).toContain('ClickId: Unknown');
    expect(text).toContain('1 attempt, parked 1 time');
    expect(text).toContain(`--workflow-id '${id}' --name retry`);
    await takeScreenshot(page, 'workflow-details', 1_180);

    await fillSignal(page, 'retry', '{"by": "kim"}');
    await takeScreenshot(page, 'send-signal');
    await submitSignal(page);
    await page.getByRole('main').getByRole('status').getByText('Completed').waitFor();
    await page.keyboard.press('r');
    await currentDetails(page).getByText('Impact accepted it.').waitFor();
    await takeScreenshot(page, 'completed');

    const conversion = await client.db.conversions.findById(conversionId).lean();
    expect(conversion).toMatchObject({ status: 'confirmed' });
    expect(conversion?.timeline.map(({ detail }) => detail)).toContain('Retried by kim.');
    expect(await sandbox.conversions('A-1001')).toHaveLength(1);
  });

  it('is what the demo leaves: in the list that it links to, and reported once its command is pasted', async () => {
    const { client, sandbox } = operator;
    const text = await leaveParked(client);
    const id = 'sale_subscription:order-1005';
    await untilListedAsParked(client.temporal, [id]);
    const page = await openUi(operator.browser);

    await page.goto(/parked conversions +(http:\S+)/.exec(text)?.[1] ?? '');
    expect(await readRow(page, workflowId(id))).toMatchObject({ 'Workflow ID': workflowId(id) });

    const [, name = '', ...args] = /conversions -- (retry) (\S+)/.exec(text) ?? [];
    await client.command(name, ...args);
    const statusNow = async () => (await client.conversion(id)).status;
    await expect.poll(statusNow, { timeout: 20_000 }).toBe('confirmed');
    expect(await sandbox.conversions('order-1005')).toHaveLength(1);
  });
});
