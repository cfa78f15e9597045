type Fields = Readonly<Record<string, string>>;

/**
 * What an order is worth. Items and order fields: https://integrations.impact.com/impact-brand/docs/item-level-data,
 * …/docs/order-level-data. "OrderDiscount is subtracted" [v14 Conversions OpenAPI].
 */
export function orderAmount(fields: Fields): number {
  const indexes = Object.keys(fields).flatMap((name) => /^ItemSku(\d+)$/.exec(name)?.[1] ?? []);
  if (indexes.length > 0) {
    const items = indexes.map((index) => itemAmount(fields, index)).reduce((sum, amount) => sum + amount, 0);
    return items - decimal(fields.OrderDiscount);
  }
  if (fields.Amount) return decimal(fields.Amount);
  if (fields.OrderSubTotalPostDiscount) return decimal(fields.OrderSubTotalPostDiscount);
  return fields.OrderSubtotal ? decimal(fields.OrderSubtotal) - decimal(fields.OrderDiscount) : 0;
}

function itemAmount(fields: Fields, index: string): number {
  const subTotal = fields[`ItemSubTotal${index}`];
  if (subTotal) return decimal(subTotal);
  return decimal(fields[`ItemPrice${index}`] || fields.Amount) * decimal(fields[`ItemQuantity${index}`]);
}

function decimal(value: string | undefined): number {
  return Number(value ?? 0);
}
