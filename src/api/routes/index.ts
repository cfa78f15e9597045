import type { ApiDeps, Route } from '../route.js';
import { abandonConversion } from './abandon-conversion.js';
import { abandonConversions } from './abandon-conversions.js';
import { acknowledgeFinding } from './acknowledge-finding.js';
import { countConversions } from './count-conversions.js';
import { deleteUser } from './delete-user.js';
import { dryRunConversion } from './dry-run-conversion.js';
import { findConversions } from './find-conversions.js';
import { getConversion } from './get-conversion.js';
import { getConversions } from './get-conversions.js';
import { getConversionsCsv } from './get-conversions-csv.js';
import { getFindings } from './get-findings.js';
import { getFindingsCsv } from './get-findings-csv.js';
import { getLatestAudit } from './get-latest-audit.js';
import { getMe } from './get-me.js';
import { getUser } from './get-user.js';
import { importUsers } from './import-users.js';
import { postConversions } from './post-conversions.js';
import { postReverse } from './post-reverse.js';
import { postStripe } from './post-stripe.js';
import { putAffiliateAttribution } from './put-affiliate-attribution.js';
import { putAmount } from './put-amount.js';
import { putUser } from './put-user.js';
import { retryConversion } from './retry-conversion.js';
import { retryConversions } from './retry-conversions.js';

export function createRoutes(deps: ApiDeps): readonly Route[] {
  return [
    getMe(),
    putAffiliateAttribution(deps),
    postConversions(deps),
    dryRunConversion(deps),
    getConversions(deps),
    getConversionsCsv(deps),
    countConversions(deps),
    findConversions(deps),
    getConversion(deps),
    retryConversion(deps),
    abandonConversion(deps),
    retryConversions(deps),
    abandonConversions(deps),
    postReverse(deps),
    putAmount(deps),
    getLatestAudit(deps),
    getFindings(deps),
    getFindingsCsv(deps),
    acknowledgeFinding(deps),
    getUser(deps),
    putUser(deps),
    importUsers(deps),
    deleteUser(deps),
    ...(deps.stripe ? [postStripe(deps.stripe)] : []),
  ];
}
