import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultProgramme } from '../src/domain/programme/default-programme.js';
import { checkProgramme, loadProgramme } from '../src/programme-file.js';
import { tempDir } from './dev/support.js';

const VALID = `{
  "campaignId": 48046,
  "events": {
    "signup": { "type": "lead", "actionTrackerId": 68897 }
  }
}
`;

async function fileOf(text: string): Promise<string> {
  const path = join(await tempDir(), 'programme.json');
  await writeFile(path, text);
  return path;
}

/** `line: what is wrong`. */
const faultsOf = (text: string) =>
  checkProgramme(text).faults.map(({ line, message }) => `${line}: ${message}`);

describe('the programme', () => {
  it('is the built-in one without a file', () => {
    expect(loadProgramme(undefined)).toBe(defaultProgramme);
  });

  it('is that of its file', async () => {
    expect(loadProgramme(await fileOf(VALID))).toMatchObject({ campaignId: 48046, ids: ['signup'] });
  });

  it.each([
    ['a byte order mark, as editors on Windows write it', `\uFEFF${VALID}`],
    ['line ends of Windows', VALID.replaceAll('\n', '\r\n')],
  ])('may have %s', (_, text) => {
    expect(checkProgramme(text).programme?.ids).toEqual(['signup']);
  });
});

describe('a file that cannot be used', () => {
  it('stops the process with a line for each fault, which names the file and the line', async () => {
    const path = await fileOf(VALID.replace('48046', '"48046"').replace('lead', 'leed'));
    expect(() => loadProgramme(path)).toThrow(
      expect.objectContaining({
        code: 'invalid_configuration',
        message: expect.stringContaining(
          `\n  PROGRAMME_FILE: ${path}:2: campaignId must be a number` +
            `\n  PROGRAMME_FILE: ${path}:4: events.signup.type must be one of lead, sale`,
        ),
      }),
    );
  });

  it('is named where it is missing', async () => {
    const path = join(await tempDir(), 'programme.json');
    expect(() => loadProgramme(path)).toThrow(`PROGRAMME_FILE: ${path} cannot be read: ENOENT`);
  });

  it('is named where it is a directory', async () => {
    const path = await tempDir();
    expect(() => loadProgramme(path)).toThrow(`PROGRAMME_FILE: ${path} cannot be read: EISDIR`);
  });
});

describe('a text that is no JSON', () => {
  it.each([
    ['nothing', '', '1: the file is empty'],
    ['a blank line', ' \n', '1: the file is empty'],
    ['a missing comma', VALID.replace('48046,', '48046'), '3: is no JSON: comma expected'],
    ['a comma too many', VALID.replace('68897 }\n', '68897 },\n'), '5: is no JSON: property name expected'],
    ['a comment', `// Acme\n${VALID}`, '1: is no JSON: invalid comment token'],
    ['single quotes', VALID.replace('"signup"', "'signup'"), '4: is no JSON: invalid symbol'],
    ['an end too early', VALID.trimEnd().slice(0, -1), '6: is no JSON: close brace expected'],
    ['an end too late', `${VALID}}`, '7: is no JSON: end of file expected'],
  ])('has one fault, and its line: %s', (_, text, fault) => {
    expect(faultsOf(text)).toEqual([fault]);
  });
});

describe('the line of a fault', () => {
  it('is that of each of several faults', () => {
    const text = `{
  "campaignId": 0,
  "atribution": "first_click",
  "events": {
    "signup": {
      "type": "lead",
      "actionTrackerId": 1.5,
      "description": ""
    },
    "Order": { "type": "sale", "actionTrackerId": 2 },
    "renewal": []
  }
}`;
    expect(faultsOf(text)).toEqual([
      '2: campaignId must be at least 1',
      '3: atribution is unknown',
      '7: events.signup.actionTrackerId must be a whole number',
      '8: events.signup.description must not be empty',
      '10: events.Order must be 1 to 39 of a-z, 0-9 and _, beginning with a letter: it is a part of ids',
      '11: events.renewal must be an object',
    ]);
  });

  it('is that of the object in which a value is missing', () => {
    expect(faultsOf(VALID.replace('"type": "lead", ', ''))).toEqual(['4: events.signup.type is missing']);
  });

  it('is also known for what no value alone can say', () => {
    expect(faultsOf(VALID.replace('68897', '68897, "after": "visit"'))).toEqual([
      expect.stringMatching(/^4: events\.signup\.after is not for the signup/),
    ]);
  });

  it('is that of the second of two equal names, of which JSON would keep the last', () => {
    const text = VALID.replace('"campaignId": 48046,', '"campaignId": 1,\n  "campaignId": 2,');
    expect(faultsOf(text)).toEqual(['3: "campaignId" stands here twice']);
  });

  it('is that of a name that no object can keep', () => {
    expect(faultsOf(VALID.replace('"signup"', '"__proto__"'))).toEqual(['4: __proto__ is no name']);
  });
});

it.each(['[]', '1', '"x"', 'null'])('a file with %s alone is no programme', (text) => {
  expect(faultsOf(text)).toEqual(['1: the programme must be an object']);
});

it('a file has a programme or faults, whatever is in it', () => {
  const row = { type: 'lead', actionTrackerId: 1, after: 'visit', maxAmountCents: { USD: 1 } };
  const text = JSON.stringify({ campaignId: 1, signupEvent: 'visit', events: { visit: row, order: row } });
  const parts = text.split(/(?=[,:{}])|(?<=[,:{}])/);
  const others = fc.oneof(fc.json({ maxDepth: 2 }), fc.constantFrom(...parts), fc.string());
  fc.assert(
    fc.property(fc.nat(parts.length - 1), others, fc.nat(parts.length - 1), others, (one, a, two, b) => {
      const { programme, faults } = checkProgramme(parts.with(one, a).with(two, b).join(''));
      expect(programme === undefined).toBe(faults.length > 0);
    }),
    { numRuns: 2_000 },
  );
});
