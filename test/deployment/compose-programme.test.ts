import { describe, expect, test } from 'vitest';
import { loadWorkerConfig } from '../../src/config.js';
import { defaultProgramme } from '../../src/domain/programme/default-programme.js';
import { environmentOf, interpolate, readComposeFile } from './compose-file.js';

const { services, configs } = await readComposeFile();
const TARGET = '/etc/affiliate/programme.json';
const PROGRAMME_FILE = '../acme.json';

describe("the programme's file in .env", () => {
  test('is a file of the machine that compose puts into the containers, where it cannot be written', () => {
    expect(interpolate(configs.programme?.file ?? '', { PROGRAMME_FILE })).toBe(PROGRAMME_FILE);
  });

  test.each(['api', 'worker', 'impact-sandbox'])('is read by %s, from where it is there', (name) => {
    const service = services[name];
    expect(service?.configs).toEqual([{ source: 'programme', target: TARGET }]);
    expect(environmentOf(service, { PROGRAMME_FILE }).PROGRAMME_FILE).toBe(TARGET);
  });

  test('may be left out: compose then needs no file, and nothing reads one', () => {
    expect(interpolate(configs.programme?.file ?? '', {})).toBe('/dev/null');
    const { programme } = loadWorkerConfig(environmentOf(services.worker, {}));
    expect(programme).toBe(defaultProgramme);
  });
});
