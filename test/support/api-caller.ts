export interface Tokens {
  session(clerkId: string, claims?: Record<string, unknown>): Promise<string>;
  machine(scope: string): Promise<string>;
}

export interface ApiAnswer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests read whatever the API answered.
  body: any;
}

export type ApiCaller = ReturnType<typeof createApiCaller>;

/** Calls the API over HTTP as its users do. */
export function createApiCaller(apiUrl: string, tokens: Tokens) {
  async function call(path: string, init: RequestInit & { token?: string } = {}): Promise<ApiAnswer> {
    const headers = new Headers(init.headers);
    if (init.token !== undefined) headers.set('Authorization', `Bearer ${init.token}`);
    if (init.body && !headers.has('Content-Type')) headers.set('Content-Type', 'application/json');
    const response = await fetch(apiUrl + path, { ...init, headers });
    const text = await response.text();
    const isLines = response.headers.get('content-type')?.startsWith('application/x-ndjson');
    const body = isLines ? text.split('\n').filter(Boolean).map(parse) : parse(text);
    return { status: response.status, headers: response.headers, body };
  }
  async function operate(id: string, what: string, body: unknown): Promise<ApiAnswer> {
    const token = await tokens.machine('conversions:operate');
    return call(`/v1/conversions/${encodeURIComponent(id)}/${what}`, {
      method: 'POST',
      token,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }
  async function operateMany(what: string, body: unknown): Promise<ApiAnswer> {
    const token = await tokens.machine('conversions:operate');
    return call(`/v1/conversions/${what}`, { method: 'POST', token, body: JSON.stringify(body) });
  }
  return {
    tokens,
    call,
    /** A user's first or later page: the website's server forwards the click id, if there is one. */
    async me(clerkId: string, clickId?: string): Promise<ApiAnswer> {
      const headers: Record<string, string> =
        clickId === undefined ? {} : { 'X-Affiliate-Click-Id': clickId };
      return call('/v1/me', { token: await tokens.session(clerkId), headers });
    },
    async setAttribution(clerkId: string, body: unknown): Promise<ApiAnswer> {
      const token = await tokens.session(clerkId);
      return call('/v1/me/affiliate-attribution', { method: 'PUT', token, body: JSON.stringify(body) });
    },
    async putUser(clerkId: string, body: unknown): Promise<ApiAnswer> {
      const token = await tokens.machine('users:write');
      const path = `/v1/users/${encodeURIComponent(clerkId)}`;
      return call(path, { method: 'PUT', token, body: JSON.stringify(body) });
    },
    /** The body of the answer is a list of its lines. */
    async importUsers(body: string | Buffer, more: Record<string, string> = {}): Promise<ApiAnswer> {
      const token = await tokens.machine('users:write');
      const headers = { 'Content-Type': 'application/x-ndjson', ...more };
      return call('/v1/users/import', { method: 'POST', token, headers, body: body as never });
    },
    async publish(body: unknown, query = ''): Promise<ApiAnswer> {
      const token = await tokens.machine('conversions:publish');
      return call(`/v1/conversions${query}`, { method: 'POST', token, body: JSON.stringify(body) });
    },
    async dryRun(body: unknown): Promise<ApiAnswer> {
      const token = await tokens.machine('conversions:publish');
      return call('/v1/conversions/dry-run', { method: 'POST', token, body: JSON.stringify(body) });
    },
    async conversions(query = ''): Promise<ApiAnswer> {
      return call(`/v1/conversions${query}`, { token: await tokens.machine('conversions:read') });
    },
    async findings(query = ''): Promise<ApiAnswer> {
      return call(`/v1/findings${query}`, { token: await tokens.machine('conversions:read') });
    },
    async acknowledge(id: string, body: unknown): Promise<ApiAnswer> {
      const token = await tokens.machine('conversions:operate');
      const path = `/v1/findings/${encodeURIComponent(id)}/acknowledge`;
      return call(path, { method: 'POST', token, body: JSON.stringify(body) });
    },
    async retry(id: string, body?: unknown): Promise<ApiAnswer> {
      return operate(id, 'retry', body);
    },
    async abandon(id: string, body?: unknown): Promise<ApiAnswer> {
      return operate(id, 'abandon', body);
    },
    async retryMany(body: unknown): Promise<ApiAnswer> {
      return operateMany('retry', body);
    },
    async abandonMany(body: unknown): Promise<ApiAnswer> {
      return operateMany('abandon', body);
    },
    async reverse(id: string, body: unknown = { reason: 'ITEM_RETURNED' }): Promise<ApiAnswer> {
      const token = await tokens.machine('conversions:adjust');
      const path = `/v1/conversions/${encodeURIComponent(id)}/reverse`;
      return call(path, { method: 'POST', token, body: JSON.stringify(body) });
    },
    async setAmount(id: string, totalAmountCents: number, more: object = {}): Promise<ApiAnswer> {
      const token = await tokens.machine('conversions:adjust');
      const path = `/v1/conversions/${encodeURIComponent(id)}/amount`;
      return call(path, { method: 'PUT', token, body: JSON.stringify({ totalAmountCents, ...more }) });
    },
    async eraseUser(clerkId: string): Promise<ApiAnswer> {
      const token = await tokens.machine('users:write');
      return call(`/v1/users/${encodeURIComponent(clerkId)}`, { method: 'DELETE', token });
    },
    async conversion(id: string): Promise<ApiAnswer> {
      return call(`/v1/conversions/${encodeURIComponent(id)}`, {
        token: await tokens.machine('conversions:read'),
      });
    },
  };
}

function parse(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}
