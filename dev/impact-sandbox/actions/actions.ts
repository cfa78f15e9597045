import { createOrderIndex } from '../order-index.js';

export type ActionState = 'PENDING' | 'APPROVED' | 'REVERSED';

/** By their names in Action of the v14 Actions OpenAPI. */
export const detailNames = [
  'PromoCode',
  'CustomerId',
  'CustomerStatus',
  'CustomerPostCode',
  'CustomerCity',
  'CustomerRegion',
  'CustomerCountry',
  'SharedId',
  'CallerId',
  'Note',
  'MediaPartnerId',
] as const;
export type DetailName = (typeof detailNames)[number];

export interface Action {
  id: string;
  orderId: string;
  campaignId: number;
  actionTrackerId: number;
  state: ActionState;
  currency: string;
  amount: number;
  deltaAmount: number;
  intendedAmount: number;
  payout: number;
  deltaPayout: number;
  intendedPayout: number;
  referringDate: number;
  eventDate: number;
  creationDate: number;
  lockingDate: number;
  updatedAt: number;
  modifications: number;
  /** What Impact repeats of the conversion. */
  details: Partial<Record<DetailName, string>>;
}

export type NewAction = Omit<Action, 'id'>;
export type Actions = ReturnType<typeof createActions>;

export function createActions() {
  const byId = new Map<string, Action>();
  const byOrder = createOrderIndex<Action>();
  let serial = 158_133;

  function remove(action: Action): void {
    byId.delete(action.id);
    byOrder.remove(action);
  }

  return {
    of: byOrder.of,
    find: (id: string) => byId.get(id),
    remove,

    /** Ids look like the documented 1000.4636.158133, which starts with the CampaignId; the rest is opaque. */
    add(action: NewAction): Action {
      const added = { id: `${action.campaignId}.4636.${serial++}`, ...action };
      byId.set(added.id, added);
      byOrder.add(added);
      return added;
    },

    update(action: Action, changes: Partial<Action>): void {
      byOrder.remove(action);
      byOrder.add(Object.assign(action, changes));
    },

    clear(orderId?: string): void {
      for (const { id } of byOrder.of(orderId)) byId.delete(id);
      byOrder.clear(orderId);
    },
  };
}

/** "Date after which the action can no longer be modified. Once passed, a Pending action moves to Approved." [v14 Actions OpenAPI] */
export function stateAt({ state, lockingDate }: Action, now: number): ActionState {
  return state === 'PENDING' && lockingDate <= now ? 'APPROVED' : state;
}
