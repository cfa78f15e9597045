import type { ApiDeps, Route } from '../route.js';
import { abandonConversion } from './abandon-conversion.js';
import { abandonConversions } from './abandon-conversions.js';
import { acknowledgeFinding } from './acknowledge-finding.js';
import { dryRunConversion } from './dry-run-conversion.js';
import { getConversion } from './get-conversion.js';
import { getConversions } from './get-conversions.js';
import { getFindings } from './get-findings.js';
import { getLatestAudit } from './get-latest-audit.js';
import { getMe } from './get-me.js';
import { postConversions } from './post-conversions.js';
import { postReverse } from './post-reverse.js';
import { putAffiliateAttribution } from './put-affiliate-attribution.js';
import { putAmount } from './put-amount.js';
import { retryConversion } from './retry-conversion.js';
import { retryConversions } from './retry-conversions.js';

export function createRoutes(deps: ApiDeps): readonly Route[] {
  return [
    getMe(deps),
    putAffiliateAttribution(deps),
    postConversions(deps),
    dryRunConversion(deps),
    getConversions(deps),
    getConversion(deps),
    retryConversion(deps),
    abandonConversion(deps),
    retryConversions(deps),
    abandonConversions(deps),
    postReverse(deps),
    putAmount(deps),
    getLatestAudit(deps),
    getFindings(deps),
    acknowledgeFinding(deps),
  ];
}
