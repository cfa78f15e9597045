import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { customerEmail } from '../../../src/domain/programme/customer-email.js';

const sha1 = (text: string) => createHash('sha1').update(text).digest('hex');

describe("a customer's e-mail address", () => {
  it('is hashed with SHA-1, in lower case and without spaces around it', () => {
    // Impact's documentation has this hash of this address.
    expect(customerEmail.parse(' User@Example.COM ')).toBe('63a710569261a24b3766275b7000ce8d7b32e2f7');
  });

  it.each([
    ['SHA-1', sha1('user@example.com')],
    ['SHA-256', createHash('sha256').update('user@example.com').digest('hex')],
  ])('that is hashed already (%s) stays as it is, in lower case', (_name, hash) => {
    expect(customerEmail.parse(hash.toUpperCase())).toBe(hash);
  });

  it.each([
    ['nothing', ''],
    ['spaces', '   '],
    ['no address', 'user'],
    ['two addresses', 'a@example.com, b@example.com'],
    ['an address with its name', 'User <user@example.com>'],
    ['an address of 255 characters', `${'a'.repeat(243)}@example.com`],
    ['a hash of 39 digits', 'a'.repeat(39)],
    ['a hash of 41 digits', 'a'.repeat(41)],
    ['a hash of 65 digits', 'a'.repeat(65)],
    ['a hash in Base64', Buffer.alloc(20, 1).toString('base64')],
    ['a number', 5],
  ])('is not %s', (_what, value) => {
    expect(customerEmail.safeParse(value).success).toBe(false);
  });

  it('is not repeated by the message about a wrong one', () => {
    const { error } = customerEmail.safeParse('Jane Doe <jane@example.com>');
    expect(JSON.stringify(error?.issues)).not.toMatch(/jane/i);
  });
});
