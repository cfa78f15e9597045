import type { ConversionStatus } from '../domain/conversion.js';
import type { FindingAmounts, FindingKind } from '../domain/findings.js';
import { type Money, moneyOf } from '../domain/money.js';
import { isInProgress } from './processing-time.js';
import type { CompareContext, ImpactSide, LedgerSide, Order } from './types.js';

export const REPORTED: readonly ConversionStatus[] = ['submitted', 'confirmed'];

/** Impact pays it out, now or later. */
export function isLive({ state }: ImpactSide): boolean {
  return state !== 'REVERSED';
}

/**
 * Those that pay a partner. Of an order that the ledger does not have, those outside the window belong to another
 * audit.
 */
export function liveActions({ ledger, actions }: Order, { from, to }: CompareContext): ImpactSide[] {
  const inWindow = ({ eventDate }: ImpactSide) => !eventDate || (eventDate >= from && eventDate < to);
  return actions.filter((action) => isLive(action) && (ledger !== null || inWindow(action)));
}

/** Another amount that is on its way to Impact is not expected there yet. */
export function isChanging({ amountAdjustment }: LedgerSide, now: Date): boolean {
  return amountAdjustment !== undefined && isInProgress(amountAdjustment, now);
}

/** The decimal that Impact should have now. */
export function expectedAmount(ledger: LedgerSide, now: Date): string | undefined {
  const { amount, amountAdjustment } = ledger;
  return amountAdjustment && !isChanging(ledger, now) ? amountAdjustment.amount : amount;
}

/** The ledger counts the amount of an order that is reported and not reversed. */
export function amountCounted({ ledger }: Order, now: Date): Money | undefined {
  if (!ledger || ledger.reversal || !REPORTED.includes(ledger.status)) return undefined;
  return amountOf(ledger, now);
}

function amountOf(ledger: LedgerSide, now: Date): Money | undefined {
  const amount = expectedAmount(ledger, now);
  return amount === undefined ? undefined : moneyOf(Number(amount), ledger.currency);
}

/** @returns undefined also where the Actions are in more than one currency */
function sumOf(actions: readonly ImpactSide[]): Money | undefined {
  const [first, ...others] = actions.flatMap(moneyOfAction);
  if (!first || others.some(({ currency }) => currency !== first.currency)) return undefined;
  const minorUnits = others.reduce((sum, other) => sum + other.minorUnits, first.minorUnits);
  return { minorUnits, currency: first.currency };
}

export function moneyOfAction({ amount, currency }: ImpactSide): Money[] {
  const money = amount === undefined ? undefined : moneyOf(amount, currency);
  return money ? [money] : [];
}

export function amountsOf(kind: FindingKind, order: Order, context: CompareContext): FindingAmounts {
  const { now } = context;
  // A finding of the ledger alone, also of a sale that is not reported yet.
  if (kind === 'possible_duplicate') return given({ ledger: order.ledger && amountOf(order.ledger, now) });
  const ledger = amountCounted(order, now);
  const actions = liveActions(order, context);
  const impact = sumOf(actions);
  // Impact has the expected amount, and only the partner may be another one.
  const isComparable = kind !== 'reattributed' && (actions.length === 0 || impact !== undefined);
  return given({ ledger, impact, difference: isComparable ? differenceOf(ledger, impact) : undefined });
}

function given(amounts: Record<string, Money | null | undefined>): FindingAmounts {
  return Object.fromEntries(Object.entries(amounts).filter(([, money]) => money));
}

/** A side without an amount counts as zero beside the other one. */
function differenceOf(ledger: Money | undefined, impact: Money | undefined): Money | undefined {
  const currency = (impact ?? ledger)?.currency;
  if (currency === undefined || (ledger && ledger.currency !== currency)) return undefined;
  return { minorUnits: (impact?.minorUnits ?? 0) - (ledger?.minorUnits ?? 0), currency };
}
