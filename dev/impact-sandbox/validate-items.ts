import type { FieldError } from './answers.js';

type Fields = ReadonlyMap<string, string>;

/**
 * Items are the fields with a 1-based suffix: ItemSku1, ItemPrice2, ItemText1_40. Rules: the v14 OpenAPI and
 * https://integrations.impact.com/impact-brand/docs/item-level-data ("Required if passing item-level details").
 */
export function* itemErrors(fields: Fields): Iterable<FieldError> {
  const indexes = itemIndexes(fields);
  for (const index of indexes) yield* oneItemErrors(fields, index);
  // "If you're submitting item-level data, this value should not be submitted." [v14 OpenAPI]
  const field = 'OrderSubTotalPostDiscount';
  if (indexes.size > 0 && fields.has(field)) yield { field, message: 'Not together with items' };
}

function itemIndexes(fields: Fields): Set<string> {
  const matches = [...fields.keys()].map((name) => /^Item[A-Za-z]+(\d+)(_\d+)?$/.exec(name)?.[1]);
  return new Set(matches.filter((index) => index !== undefined));
}

function* oneItemErrors(fields: Fields, index: string): Iterable<FieldError> {
  if (!/^[1-9]/.test(index)) yield { field: `ItemSku${index}`, message: 'Items are numbered from 1' };
  for (const field of [`ItemSku${index}`, `ItemCategory${index}`, `ItemQuantity${index}`]) {
    if (!fields.has(field)) yield { field, message: 'Required for an item' };
  }
  // Amount has no suffix in the OpenAPI, so it stands for the price of each item.
  const prices = [`ItemPrice${index}`, `ItemSubTotal${index}`, 'Amount'];
  if (prices.filter((name) => fields.has(name)).length !== 1)
    yield { field: `ItemPrice${index}`, message: `Required: exactly one of ${prices.join(', ')}` };
}
