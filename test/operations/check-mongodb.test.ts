import { describe, expect, it } from 'vitest';
import { permissions } from '../../src/operations/check-mongodb.js';

const DATABASE = { name: 'affiliate', collections: ['users', 'conversions'] };
const ALL = ['find', 'insert', 'update', 'remove', 'createIndex'];

const user = (...authenticatedUserPrivileges: { resource: object; actions: string[] }[]) => ({
  authenticatedUsers: [{ user: 'app' }],
  authenticatedUserPrivileges,
});

describe('the permissions in MongoDB', () => {
  it.each([
    ['readWrite on the database', { db: 'affiliate', collection: '' }],
    ['readWriteAnyDatabase', { db: '', collection: '' }],
  ])('are enough with %s', (_role, resource) => {
    expect(permissions(user({ resource, actions: ALL }), DATABASE)).toBe('app in affiliate');
  });

  it('are enough collection by collection', () => {
    const each = DATABASE.collections.map((collection) => ({
      resource: { db: 'affiliate', collection },
      actions: ALL,
    }));
    expect(permissions(user(...each), DATABASE)).toBe('app in affiliate');
  });

  it('are named where they are missing', () => {
    const reader = user({ resource: { db: 'affiliate', collection: '' }, actions: ['find'] });
    expect(() => permissions(reader, DATABASE)).toThrow(
      'app may not insert in affiliate.users, update in affiliate.users',
    );
    const elsewhere = user({ resource: { db: 'other', collection: '' }, actions: ALL });
    expect(() => permissions(elsewhere, DATABASE)).toThrow('find in affiliate.conversions');
    const cluster = user({ resource: { cluster: true }, actions: ALL });
    expect(() => permissions(cluster, DATABASE)).toThrow('app may not');
  });

  it('are not checked where MongoDB asks for no password', () => {
    expect(permissions({ authenticatedUsers: [] }, DATABASE)).toBe('MongoDB asks for no password');
  });
});
