import type { MoneyTotals } from '../domain/audit.js';
import type { Finding } from '../domain/findings.js';
import type { Money } from '../domain/money.js';
import { amountCounted, liveActions, moneyOfAction } from './amounts.js';
import type { CompareContext, Order } from './types.js';

/** Adds up the money of an audit, by currency. docs/audit.md has the rules. */
export function createTotals() {
  const totals = new Map<string, MoneyTotals>();
  const of = ({ currency }: Money): MoneyTotals => {
    const known = totals.get(currency) ?? { currency, ledger: 0, impact: 0, differences: {} };
    totals.set(currency, known);
    return known;
  };
  return {
    add(order: Order, findings: readonly Finding[], context: CompareContext): void {
      const counted = amountCounted(order, context.now);
      if (counted) of(counted).ledger += counted.minorUnits;
      for (const money of liveActions(order, context).flatMap(moneyOfAction))
        of(money).impact += money.minorUnits;
      for (const { kind, amounts } of findings) {
        if (!amounts.difference) continue;
        const { differences } = of(amounts.difference);
        differences[kind] = (differences[kind] ?? 0) + amounts.difference.minorUnits;
      }
    },
    list: () => [...totals.values()].toSorted((a, b) => (a.currency < b.currency ? -1 : 1)),
  };
}
