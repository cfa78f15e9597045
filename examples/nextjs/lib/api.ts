import { affiliateHeaders } from 'affiliate-capture/server';
import { cookies } from 'next/headers';
import { variable } from './config';
import { sessionToken } from './session';

export interface User {
  userId: string;
  clerkId: string;
  attribution: { impact?: { clickId: string; capturedAt: string } };
}

/** Fetches the signed-in user. The API creates the user on the first request, and reads that request's click id. */
export async function fetchMe(): Promise<User> {
  const response = await callApi('/v1/me');
  return (await response.json()) as User;
}

export async function callApi(path: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(variable('API_URL') + path, {
    ...init,
    cache: 'no-store',
    headers: {
      Authorization: `Bearer ${await sessionToken()}`,
      'Content-Type': 'application/json',
      ...affiliateHeaders(await cookies()),
    },
  });
  if (!response.ok) throw new Error(`The API answered ${response.status}: ${await response.text()}`);
  return response;
}
