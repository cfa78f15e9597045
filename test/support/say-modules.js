import { Module } from 'node:module';

/** `node --import` this file: at its end the process says what it has loaded of OpenTelemetry. */
process.on('exit', () => {
  const packages = Object.keys(Module._cache).flatMap(
    (path) => /node_modules\/(@opentelemetry\/[^/]+)/.exec(path)?.[1] ?? [],
  );
  console.log(JSON.stringify({ level: 10, msg: 'loaded', packages: [...new Set(packages)] }));
});
