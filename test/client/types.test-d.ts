import type { AffiliateClient, components } from '../../client/src/index.js';
import { createAffiliateClient, dataOf } from '../../client/src/index.js';

/** `npm run check` compiles this file, and fails where a line compiles that must not. Nothing runs it. */
export async function types(api: AffiliateClient) {
  const sale = { campaignEventId: 'sale_subscription', clerkId: 'user_1', orderId: 'A-1' } as const;
  await api.POST('/v1/conversions', { body: { campaignEventId: 'signup', clerkId: 'user_1' } });
  await api.POST('/v1/conversions', { body: { ...sale, totalAmountCents: 4900, currency: 'EUR' } });
  // @ts-expect-error: the amount is missing.
  await api.POST('/v1/conversions', { body: { ...sale, currency: 'EUR' } });
  // @ts-expect-error: no such currency.
  await api.POST('/v1/conversions', { body: { ...sale, totalAmountCents: 4900, currency: 'EURO' } });
  // @ts-expect-error: the built-in programme has no such event.
  await api.POST('/v1/conversions', { body: { campaignEventId: 'renewal', clerkId: 'user_1' } });
  // @ts-expect-error: no such path.
  await api.GET('/v1/users');
  // @ts-expect-error: the path has no such method.
  await api.PUT('/v1/me');
  // @ts-expect-error: no such status.
  await api.GET('/v1/conversions', { params: { query: { status: 'done' } } });
  // @ts-expect-error: the id is missing.
  await api.GET('/v1/conversions/{conversionId}');

  const params = { path: { conversionId: 'signup:1' } };
  // A field that has a default may be left out.
  await api.PUT('/v1/conversions/{conversionId}/amount', { params, body: { totalAmountCents: 2900 } });
  const conversion = await dataOf(api.GET('/v1/conversions/{conversionId}', { params }));
  const shown: components['schemas']['Conversion'] = conversion;
  const stored: undefined = await dataOf(
    api.PUT('/v1/me/affiliate-attribution', { body: { clickId: 'click-A' } }),
  );
  // @ts-expect-error: a client has a token.
  createAffiliateClient({ baseUrl: 'https://affiliate.example.com' });
  return { shown, stored };
}

/** The types of a programme of one's own. */
export function otherTypes(api: AffiliateClient<{ '/v1/other': { get: { responses: { 204: object } } } }>) {
  // @ts-expect-error: not a path of these.
  return [api.GET('/v1/other'), api.GET('/v1/me')];
}
