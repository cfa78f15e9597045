import type { ApiDeps } from '../src/api/route.js';
import { createRoutes } from '../src/api/routes/index.js';
import { defaultProgramme as programme } from '../src/domain/programme/default-programme.js';

/** The routes with the built-in programme, the optional ones among them, to read what they say: none of them can handle a request. */
export function allRoutes() {
  return createRoutes({ programme, stripe: {} } as ApiDeps);
}
