import { type Money, type ShownMoney, shownMoney } from './money.js';

/**
 * The findings that an audit can make: one row per kind, for the audit, the API, the CLI and docs/audit.md (`npm run docs:reasons`
 * writes its table). Codes never change their meaning.
 */
export interface FindingRow {
  /** The ledger and Impact differ. Otherwise the audit only counts and explains it. */
  isDifference: boolean;
  /** An open one raises the alert AuditDifferences, because a human has to act before the Action locks. */
  alarms: boolean;
  /** For an operator, with code in backticks. */
  meaning: string;
  action: string;
  /** For an affiliate manager: one sentence in plain text. */
  outcome: string;
  /** The next step of a manager, or words for the partner. Not there if there is nothing to do. */
  advice?: string;
  /** It says who is paid, and the ledger cannot know that: these words come before those of the conversion's status. */
  isOutcome?: true;
}

const ALARM = { isDifference: true, alarms: true } as const;
const DIFFERENCE = { isDifference: true, alarms: false } as const;
const NO_DIFFERENCE = { isDifference: false, alarms: false } as const;

export const FINDINGS = {
  missing_at_impact: {
    ...ALARM,
    isOutcome: true,
    meaning:
      'Reported here and not confirmed, and no Action there. Impact refused it later, or attributed it to no partner.',
    action:
      'Search for the order in Impact. If it has no partner, check that the click id reached Impact as it was captured. With `IMPACT_CONFIRM=off` Impact may also have refused the order.',
    outcome: 'We reported this conversion, and Impact credits no partner for it.',
    advice: 'Ask an engineer to look it up at Impact before you tell the partner anything.',
  },
  unknown_to_us: {
    ...ALARM,
    meaning:
      'Impact has an Action of one of our event types, and the ledger has no such order, or did not report it.',
    action:
      'Either another system reports to the same event type, or a parked conversion had arrived after all: retry it. If the Action is wrong, reverse it.',
    outcome: 'Impact credits a partner for a conversion that we did not report.',
    advice: 'If it is none of ours, reverse it in Impact before it locks.',
  },
  twice: {
    ...ALARM,
    meaning: 'Impact has two live Actions with one event type and order id, and pays both.',
    action: 'Reverse one before it locks. Tell Impact: its deduplication should not allow this.',
    outcome: 'Impact credits this conversion more than once.',
    advice: 'Reverse all but one in Impact before they lock.',
  },
  amount_differs: {
    ...ALARM,
    meaning:
      'Both have the order, with different amounts in the same currency. With `IMPACT_CONFIRM=off`, this may also be a new amount that Impact did not accept.',
    action: 'If the ledger is right, change the Action before it locks.',
    outcome: 'Impact has another amount for this sale than we have.',
    advice:
      'The commission follows the amount at Impact. If ours is right, change it in Impact before it locks.',
  },
  state_changed: {
    ...DIFFERENCE,
    isOutcome: true,
    meaning: 'The only Action of a reported order is reversed, and not by this service: no partner is paid.',
    action: 'If the reversal was meant, do nothing. If not, approve the Action again before it locks.',
    outcome: 'This conversion was reversed at Impact, and no partner is paid for it.',
    advice: 'If the reversal was not meant, approve it again in Impact before it locks.',
  },
  not_reversed: {
    ...ALARM,
    isOutcome: true,
    meaning: 'Reversed here, but Impact has a live Action: the partner is paid.',
    action:
      'Search for the Action in Impact. If it is not locked, reverse it there. If it is locked, settle it with the partner.',
    outcome: 'We reversed this conversion, and Impact still credits the partner for it.',
    advice: 'Reverse it in Impact before it locks. If it is locked, settle it with the partner.',
  },
  not_credited: {
    ...NO_DIFFERENCE,
    isOutcome: true,
    meaning:
      'Impact accepted the order and lists no Action for it. Impact lists only orders that it attributed to a partner, so it attributed this one to none.',
    action:
      'Nothing, for a few of them. If there are many more than usual, check that click ids reach Impact as they were captured.',
    outcome: 'Impact accepted this conversion, and credits no partner for it.',
    advice: 'If a partner asks for it, ask Impact which click and which contract it compared.',
  },
  reattributed: {
    ...NO_DIFFERENCE,
    meaning:
      'Impact reversed the Action and created another for the same order. It pays only the new one, so this is no double.',
    action: "Nothing. If you noted the Action's id somewhere, it is the old one.",
    outcome: 'Impact has attributed this conversion again, perhaps to another partner, and pays once.',
    advice: 'If the first partner asks, Impact shows the reversed Action beside the new one.',
  },
  possible_duplicate: {
    ...NO_DIFFERENCE,
    meaning:
      'Two sales of one user with the same amount, within an hour, and with different order ids. The partner is paid for both. The finding says so if the two ids look the same, for example if they differ in their dashes or in upper and lower case.',
    action: 'Ask the shop whether it sold twice. If not, reverse one of them.',
    outcome: 'The same customer bought for the same amount twice within an hour.',
    advice: 'Ask the shop whether both are real. If one is not, ask an engineer to reverse it.',
  },
} as const satisfies Record<string, FindingRow>;

export type FindingKind = keyof typeof FINDINGS;

export const FINDING_KINDS = Object.keys(FINDINGS) as FindingKind[];

export const DIFFERENCE_KINDS = FINDING_KINDS.filter((kind) => FINDINGS[kind].isDifference);

/** `acknowledged`: an operator has looked, and it stays as it is. `closed`: a later audit did not meet it any more. */
export const FINDING_STATES = ['open', 'acknowledged', 'closed'] as const;

export type FindingState = (typeof FINDING_STATES)[number];

/** The states that need an owner, or have one. */
export const UNCLOSED: FindingState[] = ['open', 'acknowledged'];

/** A finding as an audit meets it. */
export interface Finding {
  /** The same for the same order and kind in every audit, so that a restored database meets it again. */
  _id: string;
  kind: FindingKind;
  orderId: string;
  actionTrackerId: number;
  conversionId?: string;
  /** The conversion's status in the ledger. */
  status?: string;
  /** Impact's ids of the Actions that it is about. */
  actionIds: string[];
  detail: string;
  /** When the conversion happened; of an order that the ledger does not have, the Action's event date. */
  happenedAt: Date;
  amounts: FindingAmounts;
}

export interface FindingAmounts {
  /** Absent, unless the order is reported and not reversed. */
  ledger?: Money;
  /** The sum of the live Actions, if they are in one currency. */
  impact?: Money;
  /** Impact's amount minus the ledger's, if both are in one currency. */
  difference?: Money;
}

/** A finding as it is kept across audits. */
export interface KeptFinding extends Finding {
  state: FindingState;
  /** When the first audit that met it began, and the last one that met it or left its order to the next audit. */
  firstSeenAt: Date;
  lastSeenAt: Date;
  lastAuditId: string;
  /** When the audit began that did not meet it any more. */
  closedAt?: Date;
  /** Oldest first. An entry is never removed. */
  acknowledgements: Acknowledgement[];
}

export interface Acknowledgement {
  at: Date;
  by: string;
  reason: string;
}

export function findingId(kind: FindingKind, actionTrackerId: number, orderId: string): string {
  return `${kind}:${actionTrackerId}:${orderId}`;
}

/** As the API and the command line show it: amounts are decimals, with the words for a manager and an operator. */
export function shownFinding({ _id, amounts, ...finding }: KeptFinding) {
  const { outcome, advice, action }: FindingRow = FINDINGS[finding.kind];
  return {
    findingId: _id,
    ...finding,
    amounts: shownAmounts(amounts),
    outcome,
    ...(advice === undefined ? {} : { advice }),
    next: action.replaceAll('`', ''),
  };
}

function shownAmounts(amounts: FindingAmounts): Partial<Record<keyof FindingAmounts, ShownMoney>> {
  return Object.fromEntries(Object.entries(amounts).map(([of, money]) => [of, shownMoney(money)]));
}
