/**
 * ISO 4217 (list one, as of 2026-01-01): the minor unit's exponent of each currency in circulation.
 * Not taken from Intl, whose digits follow CLDR and differ from ISO 4217 for some twenty currencies.
 * https://www.six-group.com/en/products-services/financial-information/data-standards.html
 */
const CURRENCIES_BY_EXPONENT = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF',
  2:
    'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP ' +
    'CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS ' +
    'INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN ' +
    'MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE ' +
    'SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD XCG YER ZAR ZMW ZWG',
  3: 'BHD IQD JOD KWD LYD OMR TND',
} as const;

const EXPONENTS: ReadonlyMap<string, number> = new Map(
  Object.entries(CURRENCIES_BY_EXPONENT).flatMap(([exponent, codes]) =>
    codes.split(' ').map((code) => [code, Number(exponent)] as const),
  ),
);

export const CURRENCY_CODES: readonly string[] = [...EXPONENTS.keys()].toSorted((a, b) => a.localeCompare(b));

/** Impact's `Amount` is a DECIMAL(8,2): eight digits before the point. */
const MAX_MAJOR_UNITS = 99_999_999;

/** The largest amount that Impact takes in a currency, in the currency's minor unit. */
export function maxMinorUnits(currency: string): number {
  const exponent = exponentOf(currency);
  const largest = MAX_MAJOR_UNITS + (exponent === 0 ? 0 : 1 - 0.1 ** Math.min(exponent, 2));
  return Math.round(largest * 10 ** exponent);
}

/** The largest of all currencies. */
export const MAX_MINOR_UNITS = 99_999_999_990;

function exponentOf(currency: string): number {
  const exponent = EXPONENTS.get(currency);
  if (exponent === undefined) throw new RangeError(`not an ISO 4217 currency: ${currency}`);
  return exponent;
}

/**
 * A decimal string in major units, as Impact's `Amount` wants it: at most two decimals. A third decimal
 * (KWD and its like) is rounded half up, because Impact's DECIMAL(8,2) cannot hold it.
 * @param totalAmountCents a non-negative integer in the currency's minor unit
 * https://integrations.impact.com/impact-brand/docs/order-level-data
 */
export function decimalAmount(totalAmountCents: number, currency: string): string {
  const exponent = exponentOf(currency);
  const decimals = Math.min(exponent, 2);
  const minorUnits = exponent > 2 ? Math.floor((totalAmountCents + 5) / 10) : totalAmountCents;
  const digits = String(minorUnits).padStart(decimals + 1, '0');
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** An amount in the currency's minor unit. A difference may be negative. */
export interface Money {
  minorUnits: number;
  currency: string;
}

/** @returns undefined where the currency is none of ISO 4217, or the amount cannot be added up exactly */
export function moneyOf(majorUnits: number, currency = ''): Money | undefined {
  const minorUnits = Math.round(majorUnits * 10 ** (EXPONENTS.get(currency) ?? Number.NaN));
  return Number.isSafeInteger(minorUnits) ? { minorUnits, currency } : undefined;
}

/** `-49.00` */
export function decimalOf({ minorUnits, currency }: Money): string {
  return `${minorUnits < 0 ? '-' : ''}${decimalAmount(Math.abs(minorUnits), currency)}`;
}

/** As the API and the command line show it: a decimal in major units. */
export interface ShownMoney {
  amount: string;
  currency: string;
}

export function shownMoney(money: Money): ShownMoney {
  return { amount: decimalOf(money), currency: money.currency };
}
