import type { Database } from '../../mongo.js';

/** Of an erased user nothing is left here that says which customer of Stripe they are. A later refund still finds its sale. */
export async function forgetUserAtStripe({ stripeObjects }: Database, userId: string): Promise<void> {
  const customers = await stripeObjects.find({ userId, saidBy: { $exists: true } }, { _id: 1 }).lean();
  const ids = customers.map(({ _id }) => _id);
  const ofUser = { $or: [{ userId }, { customer: { $in: ids } }] };
  await stripeObjects.updateMany(ofUser, { $unset: { userId: 1, customer: 1 } });
  await stripeObjects.deleteMany({ _id: { $in: ids } });
}
