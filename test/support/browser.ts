/** What a browser does on the way to the console and back, without a page: it keeps cookies, and follows redirects. */

export type Browser = ReturnType<typeof createBrowser>;

interface StoredCookie {
  name: string;
  value: string;
  path: string;
}

export function createBrowser() {
  let cookies: StoredCookie[] = [];

  function store(line: string): void {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    const [name = ''] = pair.split('=', 1);
    const attribute = (wanted: string) =>
      attributes.find((one) => one.toLowerCase().startsWith(`${wanted}=`))?.slice(wanted.length + 1);
    const path = attribute('path') ?? '/';
    cookies = cookies.filter((cookie) => cookie.name !== name || cookie.path !== path);
    const expires = attribute('expires');
    if (expires && Date.parse(expires) <= Date.now()) return;
    cookies.push({ name, value: pair.slice(name.length + 1), path });
  }

  /** One request, without its redirects. All addresses here are of 127.0.0.1, whose ports share their cookies. */
  async function send(url: string, init: RequestInit = {}): Promise<Response> {
    const { pathname } = new URL(url);
    const headers = new Headers(init.headers);
    const sent = cookies.filter(({ path }) => pathname.startsWith(path));
    if (sent.length > 0) headers.set('Cookie', sent.map(({ name, value }) => `${name}=${value}`).join('; '));
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) store(line);
    return response;
  }

  /** Follows redirects. `url` is where it arrives. */
  async function open(url: string, init: RequestInit = {}): Promise<{ url: string; response: Response }> {
    const response = await send(url, init);
    const location = response.headers.get('location');
    return location ? open(new URL(location, url).href) : { url, response };
  }

  return {
    send,
    open,
    cookie: (name: string) => cookies.find((cookie) => cookie.name === name)?.value,
    setCookie: (name: string, value: string) => store(`${name}=${value}; path=/`),
    /** Types the name at the local provider. @returns where the browser arrives after it */
    async signIn(apiUrl: string, name: string, query = '') {
      const { url } = await open(`${apiUrl}/console/sign-in${query}`);
      return open(url, { method: 'POST', body: new URLSearchParams({ name }) });
    },
  };
}
