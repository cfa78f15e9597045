import { describe, expect, it } from 'vitest';
import { readClickId, serializeClickIdCookie } from '../../capture/src/index.js';
import { affiliateProxy, withAffiliateTracking } from '../../capture/src/next.js';
import { checkInDevelopment, checkOptions } from '../../capture/src/options.js';

describe('an invalid option', () => {
  it.each([
    [{ param: '' }, 'param must be the name of a query parameter, or a list of names'],
    [{ param: [] }, 'param must be'],
    [{ param: ['im_ref', 5] }, 'param must be'],
    [{ domain: 'https://example.com' }, 'domain must be a host name such as example.com'],
    [{ domain: 'example.com:3000' }, 'domain must be'],
    [{ domain: 'a; Secure' }, 'domain must be'],
    [{ secure: 'yes' }, 'secure must be true or false'],
    [{ consent: true }, 'consent must be a function'],
    [{ onIgnored: 'count' }, 'onIgnored must be a function'],
    [{ setAffiliateAttribution: undefined, isSignedIn: 'yes' }, 'isSignedIn must be'],
    [{ cookieDomain: 'example.com' }, 'there is no option "cookieDomain", only param, domain,'],
  ])('%j causes an error that names it and its accepted values', (options, message) => {
    expect(() => checkOptions(options)).toThrow(TypeError);
    expect(() => checkOptions(options)).toThrow(`affiliate-capture: ${message}`);
  });

  it('causes an error when the proxy is created, not at its first request', () => {
    expect(() => affiliateProxy({ param: '' })).toThrow('param must be');
    expect(() => withAffiliateTracking(() => undefined, { domain: 'localhost:3000' })).toThrow(
      'domain must be',
    );
  });

  it('causes an error in the pure functions during development', () => {
    expect(() => readClickId('/', { param: '' })).toThrow('param must be');
    expect(() => serializeClickIdCookie('a', { domain: '.' })).toThrow('domain must be');
    const environment = process.env.NODE_ENV;
    try {
      process.env.NODE_ENV = 'production';
      expect(() => checkInDevelopment({ param: '' })).not.toThrow();
    } finally {
      process.env.NODE_ENV = environment;
    }
  });
});

it('accepts valid options and undefined ones', () => {
  checkOptions({ param: ['im_ref', 'irclickid'], domain: 'example.com', secure: false, consent: () => true });
  checkOptions({ param: undefined, domain: undefined, secure: undefined, consent: undefined });
});
