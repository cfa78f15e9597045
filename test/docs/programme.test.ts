import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { programmeJsonSchema, SCHEMA_FILE } from '../../dev/write-programme-schema.js';
import { DEFAULT_PROGRAMME } from '../../src/domain/programme/default-programme.js';
import { loadProgramme } from '../../src/programme-file.js';
import { readPage } from './pages.js';

interface ObjectSchema {
  properties?: Record<string, ObjectSchema>;
  additionalProperties?: ObjectSchema;
}

const inProject = (path: string) => new URL(`../../${path}`, import.meta.url);

describe('the schema of the programme for editors', () => {
  it('is that of the code', async () => {
    const written = JSON.parse(await readFile(inProject(SCHEMA_FILE), 'utf8'));
    expect(written, 'run npm run docs:programme').toEqual(programmeJsonSchema());
  });
});

describe('examples/programme.json', () => {
  const programme = loadProgramme(inProject('examples/programme.json').pathname);

  it('credits the first click, without a window of this service', () => {
    expect(programme).toMatchObject({ campaignId: 50754, attribution: 'first_click' });
    expect(programme.signup.id).toBe('visit_signup');
    for (const { referralWindowDays } of programme.all) expect(referralWindowDays).toBeNull();
  });

  it.each([
    ['visit_signup', 'lead', 71655, undefined],
    ['trial_start', 'lead', 71656, 'visit_signup'],
    ['trial_end', 'lead', 71658, undefined],
    ['sale', 'sale', 71659, 'visit_signup'],
  ])('has %s: a %s of action tracker %i, after %s', (id, type, actionTrackerId, parent) => {
    const event = programme.get(id);
    expect(event).toMatchObject({ type, actionTrackerId });
    expect(event.after?.eventId).toBe(parent);
  });

  it('names the schema, so that an editor checks it', async () => {
    const { $schema } = JSON.parse(await readFile(inProject('examples/programme.json'), 'utf8'));
    expect(new URL($schema, inProject('examples/programme.json'))).toEqual(inProject(SCHEMA_FILE));
  });
});

describe('docs/programme.md', async () => {
  const page = await readFile(inProject('docs/programme.md'), 'utf8');
  const { blocks } = await readPage('docs/programme.md');
  const [first] = blocks.filter(({ language }) => language === 'json');

  it('begins with the built-in programme', () => {
    const withoutDescriptions = Object.entries(DEFAULT_PROGRAMME.events).map(
      ([id, { description: _, ...row }]) => [id, row],
    );
    const events = Object.fromEntries(withoutDescriptions);
    expect(JSON.parse(first?.text ?? '')).toEqual({ ...DEFAULT_PROGRAMME, events });
  });

  it('explains every option', () => {
    const namesIn = ({ properties = {} }: ObjectSchema) => Object.keys(properties);
    const programme = programmeJsonSchema() as ObjectSchema;
    const event = programme.properties?.events?.additionalProperties ?? {};
    const options = [...namesIn(programme), ...namesIn(event)];
    expect(options).toContain('actionTrackerId');
    expect(options.filter((option) => !page.includes(`| \`${option}\` |`))).toEqual([]);
  });
});
