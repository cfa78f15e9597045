import { writeFile } from 'node:fs/promises';
import { createOpenApi } from '../src/api/openapi.js';
import type { ApiDeps } from '../src/api/route.js';
import { createRoutes } from '../src/api/routes/index.js';
import { defaultProgramme as programme } from '../src/domain/programme/default-programme.js';

/** Writes /openapi.json of the built-in programme for the types of affiliate-client, and for the linter. No server runs for it. */

// Only the handlers use the rest.
const deps = { programme } as ApiDeps;
const document = createOpenApi(createRoutes(deps));
await writeFile(new URL('../client/openapi.json', import.meta.url), JSON.stringify(document, null, 2));
