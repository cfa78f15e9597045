import { Module } from 'node:module';

/** `node --import` this file: at its end the process says which packages it has loaded, apart from ES modules. */
process.on('exit', () => {
  const packages = Object.keys(Module._cache).flatMap(
    (path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [],
  );
  console.log(JSON.stringify({ level: 10, msg: 'loaded', packages: [...new Set(packages)] }));
});
