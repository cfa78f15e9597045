import { affiliateHeaders } from 'affiliate-capture/server';
import { createAffiliateClient, dataOf } from 'affiliate-client';
import { cookies } from 'next/headers';
import { variable } from './config';
import { sessionToken } from './session';

/** The API for the signed-in user, with the visitor's click id. */
export async function affiliateApi() {
  return createAffiliateClient({
    baseUrl: variable('API_URL'),
    token: sessionToken,
    headers: affiliateHeaders(await cookies()),
    // A page waits for it.
    retry: { withinMs: 3_000 },
  });
}

/** Fetches the signed-in user. The API creates the user on the first request, and reads that request's click id. */
export async function fetchMe() {
  const api = await affiliateApi();
  return dataOf(api.GET('/v1/me'));
}
