import { describe, expect, it } from 'vitest';
import { CURRENCY_CODES, decimalAmount, decimalOf, moneyOf } from '../../src/domain/money.js';

describe('an amount in a currency with cents', () => {
  it.each([
    [4900, '49.00'],
    [4905, '49.05'],
    [100, '1.00'],
    [99, '0.99'],
    [5, '0.05'],
    [0, '0.00'],
    [9_999_999_999, '99999999.99'],
  ])('of %i has two decimals: %s', (cents, expected) => {
    expect(decimalAmount(cents, 'USD')).toBe(expected);
  });
});

describe('an amount in yen', () => {
  it.each([
    [4900, '4900'],
    [5, '5'],
    [0, '0'],
  ])('of %i has no decimals: %s', (yen, expected) => {
    expect(decimalAmount(yen, 'JPY')).toBe(expected);
  });
});

describe('an amount in dinars, which have thousandths', () => {
  it.each([
    [12_340, '12.34'],
    [12_344, '12.34'],
    [12_345, '12.35'],
    [12_995, '13.00'],
    [5, '0.01'],
    [4, '0.00'],
    [0, '0.00'],
    [9_999_999_994, '9999999.99'],
  ])('of %i is rounded half up to the two decimals that Impact takes: %s', (fils, expected) => {
    expect(decimalAmount(fils, 'KWD')).toBe(expected);
  });
});

describe('the exponents', () => {
  it('are those of ISO 4217 where the CLDR data of Intl has others', () => {
    expect(decimalAmount(123_456, 'IDR')).toBe('1234.56');
  });
});

describe('a currency', () => {
  it.each(['usd', 'XXX', 'BTC', ''])('is refused when it is %j', (currency) => {
    expect(() => decimalAmount(1, currency)).toThrow(RangeError);
  });

  it('is listed once', () => {
    expect(new Set(CURRENCY_CODES).size).toBe(CURRENCY_CODES.length);
  });
});

describe('an amount of Impact in minor units', () => {
  it.each([
    [49.01, 'USD', 4_901],
    [0.1 + 0.2, 'USD', 30],
    [4_900, 'JPY', 4_900],
    [1.24, 'KWD', 1_240],
    [-5, 'EUR', -500],
  ])('%d %s is %i', (amount, currency, minorUnits) => {
    expect(moneyOf(amount, currency)).toEqual({ minorUnits, currency });
  });

  it.each([
    ['of no currency', 1, undefined],
    ['of a currency that ISO 4217 does not have', 1, 'POINTS'],
    ['too large to be added up exactly', 1e300, 'USD'],
  ])('is none if it is %s', (_what, amount, currency) => {
    expect(moneyOf(amount, currency)).toBeUndefined();
  });
});

describe('an amount as it is shown', () => {
  it.each([
    [-100, 'USD', '-1.00'],
    [0, 'USD', '0.00'],
    [-5, 'JPY', '-5'],
    [-1_240, 'KWD', '-1.24'],
  ])('%i in the minor unit of %s is %s', (minorUnits, currency, shown) => {
    expect(decimalOf({ minorUnits, currency })).toBe(shown);
  });
});
