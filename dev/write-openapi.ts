import { writeFile } from 'node:fs/promises';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { createOpenApi } from '../src/api/openapi.js';
import type { ApiDeps } from '../src/api/route.js';
import { createRoutes } from '../src/api/routes/index.js';
import { defaultProgramme as programme } from '../src/domain/programme/default-programme.js';

/** Writes /openapi.json of the built-in programme, with each optional route, for the linter and for the types of affiliate-client. No server has to run. */

export function openApiDocument() {
  // Only the handlers use the rest.
  return createOpenApi(createRoutes({ programme, stripe: {} } as ApiDeps));
}

if (argv[1] === fileURLToPath(import.meta.url))
  await writeFile(
    new URL('../client/openapi.json', import.meta.url),
    JSON.stringify(openApiDocument(), null, 2),
  );
