import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { exactRouter, onlyMethods } from '../../exact-paths.js';

/** `console/` beside `src/`, or in `dist/`. */
const root = fileURLToPath(new URL('../../../console/', import.meta.url));

const PAGE = 'index.html';

/** The page and the files that it loads: those that are there at the start, by their exact names. */
export function createStaticFiles() {
  const router = exactRouter();
  const files = readdirSync(root).filter((file) => /\.(js|css|svg)$/.test(file));
  const addresses = new Map([['/', PAGE], ...files.map((file): [string, string] => [`/${file}`, file])]);
  for (const [address, file] of addresses)
    router
      .route(address)
      .get((_request, response) => {
        // A browser asks for each file each time, so that all its files are of one version. It gets unchanged ones from its cache.
        response.set('Cache-Control', 'no-cache').sendFile(file, { root, cacheControl: false });
      })
      .all(onlyMethods('GET', 'HEAD'));
  return router;
}
