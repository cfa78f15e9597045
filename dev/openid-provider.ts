import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { interactionPolicy, Provider } from 'oidc-provider';
import { DEVELOPMENT_CONSOLE_CLIENT } from './environment.js';
import { generateIssuerKey } from './issuer-key.js';

/** Stands in for a company's OpenID Connect provider: anybody signs in under any name, without a password. */

/** This name has the role of affiliate managers, and no other. */
export const MANAGER = 'manager';

const SIGN_IN_PATH = '/sign-in/';
const SECONDS = { day: 86_400, quarter: 900, minute: 60 };

/** A certified provider, which people meet as the page below. https://github.com/panva/node-oidc-provider */
export async function createOpenIdProvider(issuerUrl: string): Promise<RequestListener> {
  // Not the key of the API's tokens, or somebody who signs in as mch_local would get a machine's token.
  const key = await generateIssuerKey();
  // No page asks whether the console may know the name.
  const policy = interactionPolicy.base();
  policy.remove('consent');
  const provider = new Provider(issuerUrl, {
    clients: [
      {
        client_id: DEVELOPMENT_CONSOLE_CLIENT.id,
        client_secret: DEVELOPMENT_CONSOLE_CLIENT.secret,
        token_endpoint_auth_method: 'client_secret_post',
        // On any port of this machine. https://www.rfc-editor.org/rfc/rfc8252#section-7.3
        application_type: 'native',
        redirect_uris: ['http://127.0.0.1/console/callback'],
      },
    ],
    jwks: { keys: [key as never] },
    claims: { openid: ['sub', 'roles'], profile: ['name'] },
    cookies: { keys: [key.kid] },
    ttl: {
      AuthorizationCode: SECONDS.minute,
      AccessToken: SECONDS.quarter,
      IdToken: SECONDS.quarter,
      Interaction: SECONDS.quarter,
      Grant: SECONDS.day,
      Session: SECONDS.day,
    },
    features: { devInteractions: { enabled: false } },
    interactions: { policy, url: (_context, { uid }) => SIGN_IN_PATH + uid },
    findAccount: (_context, name) => ({
      accountId: name,
      claims: () => ({ sub: name, name, roles: name === MANAGER ? ['affiliate-manager'] : [] }),
    }),
    async loadExistingGrant({ oidc }) {
      const { client, session, params } = oidc;
      const grant = new provider.Grant({ clientId: client?.clientId, accountId: session?.accountId });
      grant.addOIDCScope(String(params?.scope));
      await grant.save();
      return grant;
    },
  });
  const answer = provider.callback();
  return (request, response) => {
    if (request.url?.startsWith(SIGN_IN_PATH)) void signIn(provider, request, response);
    else void answer(request, response);
  };
}

async function signIn(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const name = new URLSearchParams(await text(request)).get('name')?.trim();
  if (request.method !== 'POST' || !name) {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(PAGE);
    return;
  }
  try {
    await provider.interactionFinished(request, response, { login: { accountId: name } });
  } catch (error) {
    response.writeHead(400).end(`${error}. Start again at the console.\n`);
  }
}

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Local sign-in</title>
<h1>Sign in on this machine</h1>
<p>The name <b>${MANAGER}</b> has the role of affiliate managers. Every other name has none.</p>
<form method="post">
<label>Name <input name="name" value="${MANAGER}" required></label>
<button>Sign in</button>
</form>
</html>
`;
