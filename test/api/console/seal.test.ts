import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createSeal } from '../../../src/api/console/seal.js';

const CONFIG = {
  issuer: 'https://login.example.com',
  clientId: 'console',
  clientSecret: 'a-secret-of-the-provider',
  publicUrl: 'https://api.example.com',
  roleClaim: 'roles',
  roles: ['affiliate-manager'],
};
const session = createSeal(CONFIG, 'session');

describe('a sealed text', () => {
  it('is opened by every process of the same configuration', async () => {
    const sealed = await session.seal({ sub: 'kim' }, 60);
    expect(await createSeal(CONFIG, 'session').open(sealed)).toMatchObject({ sub: 'kim' });
  });

  it('shows nothing of what it says', async () => {
    const parts = (await session.seal({ sub: 'kim' }, 60)).split('.');
    expect(parts.map((part) => Buffer.from(part, 'base64url').toString()).join()).not.toContain('kim');
  });

  it('is opened until it expires', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const sealed = await session.seal({ sub: 'kim' }, 60);
    vi.advanceTimersByTime(59_000);
    expect(await session.open(sealed)).toBeDefined();
    vi.advanceTimersByTime(1_000);
    expect(await session.open(sealed)).toBeUndefined();
  });

  it('is not opened after a change of any character', async () => {
    const sealed = await session.seal({ sub: 'kim' }, 60);
    for (const index of [0, sealed.indexOf('..') + 3, sealed.lastIndexOf('.') - 2, sealed.length - 3]) {
      const changed = sealed[index] === 'A' ? 'B' : 'A';
      const tampered = sealed.slice(0, index) + changed + sealed.slice(index + 1);
      expect(await session.open(tampered), `character ${index}`).toBeUndefined();
    }
  });

  it.each([
    ['secret', { clientSecret: 'another-secret-of-the-provider' }],
    ['issuer', { issuer: 'https://other.example.com' }],
    ['client', { clientId: 'other' }],
    ['claim', { roleClaim: 'groups' }],
    ['role', { roles: ['finance'] }],
  ])('is not opened after a change of the %s', async (_what, change) => {
    const sealed = await session.seal({ sub: 'kim' }, 60);
    expect(await createSeal({ ...CONFIG, ...change }, 'session').open(sealed)).toBeUndefined();
  });

  it('is not opened for another purpose', async () => {
    const sealed = await createSeal(CONFIG, 'sign-in').seal({ sub: 'kim', name: 'Kim' }, 60);
    expect(await session.open(sealed)).toBeUndefined();
  });

  it.each(['', 'x', 'a.b.c', 'a.b.c.d.e', 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJraW0ifQ.'])(
    'is not %j',
    async (text) => {
      expect(await session.open(text)).toBeUndefined();
    },
  );
});
