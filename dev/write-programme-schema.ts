import { writeFile } from 'node:fs/promises';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { programmeSchema } from '../src/domain/programme/schema.js';
import { TYPES } from '../src/domain/programme/types/index.js';

/** `npm run docs:programme` writes the schema of the programme's file, for editors, out of src/domain/programme/. */
export const SCHEMA_FILE = 'docs/programme.schema.json';

/** In the version of JSON Schema that editors know best. */
export function programmeJsonSchema() {
  return z.toJSONSchema(programmeSchema(TYPES), { io: 'input', target: 'draft-07' });
}

if (argv[1] === fileURLToPath(import.meta.url))
  await writeFile(new URL(`../${SCHEMA_FILE}`, import.meta.url), JSON.stringify(programmeJsonSchema()));
