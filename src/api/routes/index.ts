import type { ApiDeps, Route } from '../route.js';
import { getConversion } from './get-conversion.js';
import { getMe } from './get-me.js';
import { postConversions } from './post-conversions.js';
import { postReverse } from './post-reverse.js';
import { putAffiliateAttribution } from './put-affiliate-attribution.js';
import { putAmount } from './put-amount.js';

export function createRoutes(deps: ApiDeps): readonly Route[] {
  return [
    getMe(deps),
    putAffiliateAttribution(deps),
    postConversions(deps),
    getConversion(deps),
    postReverse(deps),
    putAmount(deps),
  ];
}
