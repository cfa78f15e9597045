import { writeFile } from 'node:fs/promises';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { createOpenApi } from '../src/api/openapi.js';
import { allRoutes } from './all-routes.js';

/** Writes /openapi.json of the built-in programme, with each optional route, for the linter and for the types of affiliate-client. No server has to run. */

export function openApiDocument() {
  return createOpenApi(allRoutes());
}

if (argv[1] === fileURLToPath(import.meta.url))
  await writeFile(
    new URL('../client/openapi.json', import.meta.url),
    JSON.stringify(openApiDocument(), null, 2),
  );
