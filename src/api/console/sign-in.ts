import type { RequestHandler, Router } from 'express';
import { randomNonce, randomPKCECodeVerifier, randomState } from 'openid-client';
import { z } from 'zod';
import type { ConsoleConfig } from '../../config.js';
import { cut, printable } from '../../domain/foreign-text.js';
import { exactRouter, onlyMethods } from '../../exact-paths.js';
import type { Logger } from '../../logger.js';
import { Problem } from '../problem.js';
import { parse } from '../read-input.js';
import { createCookie } from './cookie.js';
import { hasRole } from './has-role.js';
import { showProblems } from './problem-page.js';
import { type Claims, createProvider, type SignInChecks } from './provider.js';
import { createSeal } from './seal.js';
import type { Sessions } from './sessions.js';

/** Time to type a password, and a second factor. */
const SIGN_IN_SECONDS = 10 * 60;

const signInQuery = z.strictObject({
  /** Where the page was: its path with the query and the fragment. */
  return: z.string().max(1_000).optional(),
  as: z.literal('another').optional(),
});

type SignIn = SignInChecks & { returnTo: string };

/** `/sign-in` sends the browser to the provider, which sends it to `/callback`. Nothing of it is kept here in between. */
export function createSignIn(config: ConsoleConfig, sessions: Sessions, logger: Logger): Router {
  const provider = createProvider(config, logger);
  const cookie = createCookie('affiliate-console-sign-in', config.publicUrl);
  const { seal, open } = createSeal(config, 'sign-in');

  const start: RequestHandler = async (request, response) => {
    const query = parse(signInQuery, request.query, 'query') as z.output<typeof signInQuery>;
    const checks = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() };
    const address = await provider.addressOf(checks, query.as === 'another');
    const signIn = { ...checks, returnTo: pathOfPage(query.return, config) };
    cookie.set(response, await seal(signIn, SIGN_IN_SECONDS), SIGN_IN_SECONDS);
    response.redirect(address.href);
  };

  const finish: RequestHandler = async (request, response) => {
    const sealed = cookie.read(request.headers.cookie);
    cookie.clear(response);
    const signIn = sealed && ((await open(sealed)) as SignIn | undefined);
    if (!signIn)
      throw new Problem(
        'sign_in_failed',
        'The sign-in took too long, or began at another address or browser.',
      );
    const claims = await provider.claimsOf(
      new URL(request.originalUrl, config.publicUrl).search.slice(1),
      signIn,
    );
    const name = nameOf(claims);
    if (!hasRole(claims, config)) throw new Problem('role_missing', missingRole(name, config));
    await sessions.begin(response, { subject: claims.sub, name });
    response.redirect(signIn.returnTo);
  };

  const router = exactRouter();
  const others = onlyMethods('GET');
  // Both change cookies, so they have no HEAD.
  router.route('/sign-in').head(others).get(start).all(others);
  router.route('/callback').head(others).get(finish).all(others);
  return router.use(showProblems(config));
}

/** Only of the console's page: an address in a link to the sign-in must not lead a person elsewhere. */
function pathOfPage(path: string | undefined, { publicUrl }: ConsoleConfig): string {
  const home = '/console';
  if (path === undefined || !URL.canParse(path, publicUrl)) return home;
  const { origin, pathname, search, hash } = new URL(path, publicUrl);
  const isPage = origin === publicUrl && [home, `${home}/`].includes(pathname);
  return isPage ? pathname + search + hash : home;
}

function nameOf({ name, preferred_username, email, sub }: Claims): string {
  const named = [name, preferred_username, email].find((text) => typeof text === 'string' && text.trim());
  return printable(cut(String(named ?? sub), 100));
}

function missingRole(name: string, { roleClaim, roles }: ConsoleConfig): string {
  const values = roles.map((role) => `"${role}"`).join(' or ');
  return (
    `${name} signed in, and may not see the console: the claim "${roleClaim}" does not have ${values}. ` +
    'The administrator of the service that signs you in can add it.'
  );
}
