import type { RequestHandler } from 'express';
import helmet from 'helmet';
import type { ConsoleConfig } from '../../config.js';
import { exactRouter, onlyMethods } from '../../exact-paths.js';
import type { Logger } from '../../logger.js';
import { Problem } from '../problem.js';
import { createSessions, type Sessions } from './sessions.js';
import { createSignIn } from './sign-in.js';
import { createStaticFiles } from './static-files.js';

/** The page loads nothing from elsewhere, sends nothing elsewhere, and stands in no frame. */
const POLICY = helmet.contentSecurityPolicy({
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'"],
    connectSrc: ["'self'"],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
  },
});

/** `/console`, for affiliate managers: the page, and how they sign in to it. */
export function createConsole(config: ConsoleConfig | null | undefined, logger: Logger) {
  if (!config) return { router: refuse };
  const sessions = createSessions(config);
  const router = exactRouter();
  router.use(POLICY);
  router.route('/session').get(showSession(sessions)).all(onlyMethods('GET', 'HEAD'));
  router.route('/sign-out').post(signOut(sessions, config.publicUrl)).all(onlyMethods('POST'));
  router.use(createStaticFiles());
  router.use(createSignIn(config, sessions, logger));
  return { router, sessions };
}

const refuse: RequestHandler = () => {
  throw new Problem('route_not_found', 'The console is off: CONSOLE_ISSUER is not set (docs/console.md).');
};

function showSession(sessions: Sessions): RequestHandler {
  return async (request, response) => {
    const session = await sessions.find(request.headers.cookie);
    if (!session) throw new Problem('session_expired', 'There is no session of the console. Sign in.');
    response.locals.principal = { kind: 'manager', ...session };
    const { name, expiresAt } = session;
    response.set('Cache-Control', 'private, no-store').json({ name, expiresAt });
  };
}

function signOut(sessions: Sessions, publicUrl: string): RequestHandler {
  return (request, response) => {
    // Browsers without Sec-Fetch-Site, or on plain HTTP, name at least the origin.
    const site = request.get('sec-fetch-site');
    const isOwn = site === undefined ? request.get('origin') === publicUrl : site === 'same-origin';
    if (!isOwn) throw new Problem('cross_site_request', 'Only the page of the console signs out.');
    sessions.end(response);
    response.status(204).end();
  };
}
