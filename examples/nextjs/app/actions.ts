'use server';

import { AFFILIATE_COOKIE } from 'affiliate-capture';
import type { Click } from 'affiliate-capture/react';
import { dataOf } from 'affiliate-client';
import { cookies } from 'next/headers';
import { redirect } from 'next/navigation';
import { affiliateApi } from '../lib/api';
import { CONSENT_COOKIE } from '../lib/consent';
import { endSession, startSession } from '../lib/session';

export async function setAffiliateAttribution(click: Click): Promise<void> {
  const api = await affiliateApi();
  await dataOf(api.PUT('/v1/me/affiliate-attribution', { body: click }));
}

/** The local issuer keeps no accounts, so signing up and signing in are the same. */
export async function signIn(form: FormData): Promise<void> {
  await startSession(`user_${form.get('name')}`);
  redirect('/account');
}

export async function signOut(): Promise<void> {
  await endSession();
  redirect('/');
}

export async function setConsent(form: FormData): Promise<void> {
  const store = await cookies();
  store.set(CONSENT_COOKIE, String(form.get('consent')), { sameSite: 'lax' });
  // `clearClickId` does the same in the browser, but the visitor may have switched JavaScript off.
  if (form.get('consent') === 'no') store.delete(AFFILIATE_COOKIE);
}
