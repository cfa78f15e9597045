import { expect, it } from 'vitest';
import { hasRole } from '../../../src/api/console/has-role.js';

const roles = ['affiliate-manager', 'finance'];

it.each([
  ['roles', { roles: ['other', 'affiliate-manager'] }],
  ['roles', { roles: 'finance' }],
  ['realm_access.roles', { realm_access: { roles: ['finance'] } }],
  ['https://example.com/roles', { 'https://example.com/roles': ['finance'] }],
  ['a.b', { 'a.b': 'finance', a: { b: 'none' } }],
])('the claim %s has the role in %j', (roleClaim, claims) => {
  expect(hasRole(claims, { roleClaim, roles })).toBe(true);
});

it.each([
  ['roles', {}],
  ['roles', { roles: [] }],
  ['roles', { roles: null }],
  ['roles', { roles: ['affiliate-managers', 'Finance'] }],
  ['roles', { roles: 'other affiliate-manager' }],
  ['roles', { roles: [['finance']] }],
  ['roles', { roles: { finance: true } }],
  ['realm_access.roles', { realm_access: 'finance' }],
  ['realm_access.roles', { roles: ['finance'] }],
  ['constructor.name', {}],
])('the claim %s does not have the role in %j', (roleClaim, claims) => {
  expect(hasRole(claims, { roleClaim, roles: [...roles, 'Object'] })).toBe(false);
});

it.each([
  [true, true],
  [false, false],
  ['true', false],
  [undefined, false],
])('an address counts if the provider has verified it: %j', (email_verified, expected) => {
  const claims = { email: 'kim@example.com', email_verified };
  expect(hasRole(claims, { roleClaim: 'email', roles: ['kim@example.com'] })).toBe(expected);
});
