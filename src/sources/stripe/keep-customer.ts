import type { Outcome, StripeDeps } from './deps.js';
import { keepObject } from './keep-object.js';
import type { KeptObject } from './kept-object.model.js';
import { asReference, type UserReference, userIdOfReference, userIn } from './read-user.js';
import { settleInvoice } from './settle-invoice.js';
import { customerSchema, discountSchema, promotionCodeSchema, sessionSchema } from './shapes.js';

/** `customer.created` and `customer.updated`: the metadata says which user the customer is. */
export async function keepCustomer(
  deps: StripeDeps,
  object: unknown,
  _eventId: string,
  saidAt: Date,
): Promise<Outcome> {
  const { id, metadata } = customerSchema.parse(object);
  const later = { saidBy: 'metadata', saidAt: { $gt: saidAt } };
  return keepUser(deps, id, userIn(metadata), { saidBy: 'metadata', saidAt }, later);
}

/** `checkout.session.completed`: the site says who pays, in the metadata or as `client_reference_id`. */
export async function keepCheckout(deps: StripeDeps, object: unknown): Promise<Outcome> {
  const { customer, metadata, client_reference_id } = sessionSchema.parse(object);
  const user = userIn(metadata) ?? asReference(client_reference_id);
  return keepUser(deps, customer, user, { saidBy: 'checkout' }, { userId: { $exists: true } });
}

async function keepUser(
  deps: StripeDeps,
  customer: string | null | undefined,
  user: UserReference | undefined,
  said: Pick<KeptObject, 'saidBy' | 'saidAt'>,
  unless: object,
): Promise<Outcome> {
  if (!customer || !user) return { result: 'ignored', reason: 'no_user' };
  const { db } = deps;
  const userId = await userIdOfReference(deps, user);
  await keepObject(db, customer, { set: { userId, ...said }, forever: true }, [unless]);
  const waiting = await db.stripeObjects.find({ customer, held: 'user_not_found' }, { _id: 1 }).lean();
  for (const { _id } of waiting) await settleInvoice(deps, _id);
  return { result: 'recorded' };
}

/** `promotion_code.created` and `promotion_code.updated`. */
export async function keepPromotionCode({ db }: StripeDeps, object: unknown): Promise<Outcome> {
  const { id, code } = promotionCodeSchema.parse(object);
  await keepObject(db, id, { set: { code }, forever: true });
  return { result: 'recorded' };
}

/** `customer.discount.created`: the promotion code of a discount, which an invoice names by its own id alone. */
export async function keepDiscount({ db }: StripeDeps, object: unknown): Promise<Outcome> {
  const { id, promotion_code: promotion } = discountSchema.parse(object);
  const promotionCode = typeof promotion === 'string' ? promotion : promotion?.id;
  if (id && promotionCode) await keepObject(db, id, { set: { promotionCode }, forever: true });
  return { result: 'recorded' };
}
