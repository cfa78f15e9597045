import { describe, expect, test } from 'vitest';
import { loadWorkerConfig } from '../../src/config.js';
import { defaultProgramme } from '../../src/domain/programme/default-programme.js';
import { environmentOf, interpolate, readComposeFile } from './compose-file.js';

const { services, configs } = await readComposeFile();
const TARGET = '/etc/affiliate/programme.json';
const REQUIRED = {
  MONGODB_PASSWORD: 'mongo123',
  AUTH_ISSUER: 'https://clerk.example.com',
  AUTH_AUTHORIZED_PARTIES: '*',
  USER_ID_KEY: 'k'.repeat(32),
};

describe("the programme's file in .env", () => {
  const variables = { ...REQUIRED, PROGRAMME_FILE: '../acme.json' };

  test('is a file of the machine that compose puts into the containers, where it cannot be written', () => {
    expect(interpolate(configs.programme?.file ?? '', variables)).toBe('../acme.json');
  });

  test.each(['api', 'worker', 'impact-sandbox'])('is read by %s, from where it is there', (name) => {
    const service = services[name];
    expect(service?.configs).toEqual([{ source: 'programme', target: TARGET }]);
    expect(environmentOf(service, variables).PROGRAMME_FILE).toBe(TARGET);
  });

  test('may be left out: compose then needs no file, and nothing reads one', () => {
    expect(interpolate(configs.programme?.file ?? '', REQUIRED)).toBe('/dev/null');
    const { programme } = loadWorkerConfig(environmentOf(services.worker, REQUIRED));
    expect(programme).toBe(defaultProgramme);
  });
});
