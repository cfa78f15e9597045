import { expect, it } from 'vitest';
import { openApiDocument } from '../../dev/write-openapi.js';
import { readProjectFile } from '../deployment/project-files.js';

it('says of every operation that writes what the same request does a second time', async () => {
  const { paths } = openApiDocument() as { paths: Record<string, object> };
  const writing = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods)
      .filter((method) => method !== 'get')
      .map((method) => `${method.toUpperCase()} ${path}`),
  );
  const readme = await readProjectFile('client/README.md');
  expect(writing.filter((operation) => !readme.includes(`| \`${operation}\` |`))).toEqual([]);
});
