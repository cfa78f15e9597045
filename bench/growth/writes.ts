import { defaultProgramme as programme } from '../../src/domain/programme/default-programme.js';
import { markReporting } from '../../src/ledger/begin-run.js';
import { claimSubmission } from '../../src/ledger/claim-submission.js';
import { publishConversion } from '../../src/ledger/publish-conversion.js';
import { markConfirmed, markSubmitted } from '../../src/ledger/settle-submission.js';
import { syncUser } from '../../src/users/sync-user.js';
import { updateAffiliateAttribution } from '../../src/users/update-affiliate-attribution.js';
import { createUserIdOf } from '../../src/users/user-id.js';
import { clerkIdOf } from './ledger.js';
import type { LedgerQuery, Seeded } from './queries.js';

/** What writes to the ledger, and so to its indexes. Each call is of something new. */

let made = 0;
const fresh = () => {
  made += 1;
  return `new-${made}`;
};

const depsOf = ({ db }: Seeded) => ({
  db,
  programme,
  signupGraceMs: 60_000,
  userIdOf: createUserIdOf('bench'),
});

export const WRITES: LedgerQuery[] = [
  {
    work: 'a known user',
    run: (ledger) => syncUser(depsOf(ledger), { clerkId: clerkIdOf(1), clickId: 'click-1' }),
    flat: true,
  },
  {
    work: 'a signup',
    run: (ledger) => syncUser(depsOf(ledger), { clerkId: fresh(), clickId: 'click', isProbablyNew: true }),
    flat: true,
  },
  {
    work: 'another click',
    run: (ledger) => updateAffiliateAttribution(depsOf(ledger), { clerkId: clerkIdOf(2), clickId: fresh() }),
    flat: true,
  },
  { work: 'a sale', run: (ledger) => sell(ledger), flat: true },
  {
    work: 'a sale, and its steps until it is confirmed',
    async run(ledger) {
      const { _id } = (await sell(ledger)).conversion;
      await markReporting(ledger, _id);
      await claimSubmission(ledger, _id, _id);
      await markSubmitted(ledger, _id, `/Advertisers/IRbench/APISubmissions/A-${_id}`);
      await markConfirmed(ledger, _id, 'Impact accepted it.');
    },
    flat: true,
    plotted: true,
  },
];

function sell(ledger: Seeded) {
  const payload = { orderId: fresh(), totalAmountCents: 4_900, currency: 'USD' };
  const user = { clerkId: clerkIdOf((made % ledger.size) % 600) };
  return publishConversion(depsOf(ledger), { campaignEventId: 'sale_subscription', user, payload });
}
